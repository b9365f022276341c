package peer;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.parser.UnexpectedSegmentBehaviourEnum;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Validates HL7 v2 messages by HAPI HL7v2: its parser, which throws on a segment the structure does not have, its data type rules, and its
 * tables of what is required, how often and how long. Reads messages that end with 0x1C, prints a line for each: empty, or what is wrong.
 */
public final class Validate {
  public static void main(String[] args) throws IOException {
    String all = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    try (DefaultHapiContext context = new DefaultHapiContext()) {
      context.setValidationContext(ValidationContextFactory.defaultValidation());
      context.getParserConfiguration().setUnexpectedSegmentBehaviour(UnexpectedSegmentBehaviourEnum.THROW_HL7_EXCEPTION);
      PipeParser parser = context.getPipeParser();
      for (String text : all.split("\u001c")) System.out.println(String.join("; ", faults(parser, text)));
    }
  }

  private static List<String> faults(PipeParser parser, String text) {
    List<String> found = new ArrayList<>();
    try {
      Message message = parser.parse(text);
      if (message.getClass().getSimpleName().startsWith("Generic")) found.add("a structure HAPI does not know");
      look(message, message.getName(), found);
    } catch (HL7Exception problem) {
      found.add(problem.getMessage().replaceAll("\\s+", " "));
    }
    return found;
  }

  private static void look(Group group, String path, List<String> found) throws HL7Exception {
    for (String name : group.getNames()) {
      Structure[] all = group.getAll(name);
      if (group.isRequired(name) && (all.length == 0 || all[0].isEmpty())) found.add(path + ": no " + name);
      if (!group.isRepeating(name) && all.length > 1) found.add(path + ": " + all.length + " " + name);
      for (Structure each : all) {
        if (each instanceof Segment segment) look(segment, found);
        else if (each instanceof Group inner && !inner.isEmpty()) look(inner, path + "/" + name, found);
      }
    }
  }

  private static void look(Segment segment, List<String> found) throws HL7Exception {
    if (segment.isEmpty()) return;
    // MSH-1 and MSH-2 are the delimiters, which HAPI would count escaped
    for (int n = segment.getName().equals("MSH") ? 3 : 1; n <= segment.numFields(); n++) {
      String at = segment.getName() + "-" + n;
      int most = segment.getMaxCardinality(n);
      int count = segment.getField(n).length;
      if (segment.isRequired(n) && (count == 0 || segment.getField(n)[0].isEmpty())) found.add(at + ": required");
      if (most > 0 && count > most) found.add(at + ": " + count + " times");
      for (var value : segment.getField(n))
        if (segment.getLength(n) > 0 && value.encode().length() > segment.getLength(n)) found.add(at + ": " + value.encode().length() + " characters");
    }
  }
}
