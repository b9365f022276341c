package peer;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.provider.JpaSystemProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import jakarta.servlet.ServletException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A real HAPI FHIR JPA server, R4, on 127.0.0.1, with rest-hook subscriptions: {@code HapiPeer PORT DATABASE-FILE}. */
public class HapiPeer {
  public static void main(String[] arguments) throws Exception {
    System.setProperty("peer.database", arguments[1]);
    var spring = new AnnotationConfigApplicationContext(PeerConfig.class);
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(arguments[0]));
    server.addConnector(connector);
    var web = new ServletContextHandler();
    web.addServlet(new ServletHolder(new Fhir(spring)), "/fhir/*");
    server.setHandler(web);
    server.start();
    System.out.println("ready on " + connector.getLocalPort());
    server.join();
  }

  static class Fhir extends RestfulServer {
    private final AnnotationConfigApplicationContext spring;

    Fhir(AnnotationConfigApplicationContext spring) {
      super(spring.getBean(FhirContext.class));
      this.spring = spring;
    }

    @Override
    protected void initialize() throws ServletException {
      super.initialize();
      registerProviders(spring.getBean("myResourceProvidersR4", ResourceProviderFactory.class).createProviders());
      registerProvider(spring.getBean("mySystemProviderR4", JpaSystemProvider.class));
      setPagingProvider(spring.getBean(DatabaseBackedPagingProvider.class));
      setServerConformanceProvider(new JpaCapabilityStatementProvider(this, spring.getBean(IFhirSystemDao.class),
          spring.getBean(JpaStorageSettings.class), spring.getBean(ISearchParamRegistry.class),
          spring.getBean(IValidationSupport.class)));
    }
  }
}
