import { describedBy, Field, Select } from '../parts/field.tsx'
import { Inspected, ToCopy, type TrialProps } from './inspected.tsx'
import { textsOf } from './said.tsx'

/** Paste a message; what it says field by field, the appointment it becomes, and what would be decided. */
export function MappingTester({ state, trial, face }: TrialProps) {
  const texts = textsOf(face).trial
  return (
    <section class="stack" aria-labelledby="essai">
      <h2 id="essai">{texts.title}</h2>
      <TrialForm state={state} trial={trial} face={face} />
      {trial.read?.inspections.map((inspection, index) => (
        <Inspected inspection={inspection} index={index + 1} state={state} face={face} />
      ))}
      {trial.read && trial.read.left > 0 && <p class="hint">{texts.left(trial.read.left)}</p>}
      {trial.read && <ToCopy yaml={trial.read.yaml} state={state} face={face} />}
    </section>
  )
}

function TrialForm({ state: { id, protocol, facts }, trial, face }: TrialProps) {
  const texts = textsOf(face).trial
  const isEdited = trial.edit.mapping.trim() !== '' || (trial.faults?.length ?? 0) > 0
  return (
    <form class="panel stack" method="post" action={`/console/connectors/${encodeURIComponent(id)}/try#essai`}>
      <Field id="message" label={texts.label[protocol]} hint={texts.hint} error={trial.error}>
        <textarea
          class="mono"
          id="message"
          name="message"
          rows={10}
          spellcheck={false}
          autocomplete="off"
          {...describedBy('message', { hint: true, error: trial.error !== undefined })}
        >
          {trial.text}
        </textarea>
      </Field>
      {facts && (
        <details {...(isEdited && { open: true })}>
          <summary>{texts.edit}</summary>
          <div class="stack">
            <Field id="preset" label={texts.preset}>
              <Select
                id="preset"
                name="preset"
                narrow
                chosen={trial.edit.preset ?? ''}
                options={[{ value: '', name: texts.noPreset }, ...facts.presets.map((name) => ({ value: name, name }))]}
              />
            </Field>
            <Field id="mapping" label={texts.mapping} hint={texts.mappingHint} error={trial.faults?.join(' · ')}>
              <textarea
                class="mono"
                id="mapping"
                name="mapping"
                rows={8}
                spellcheck={false}
                {...describedBy('mapping', { hint: true, error: (trial.faults?.length ?? 0) > 0 })}
              >
                {trial.edit.mapping}
              </textarea>
            </Field>
          </div>
        </details>
      )}
      <div class="row">
        <button class="btn go" type="submit" name="do" value="read">
          {texts.read}
        </button>
        <button class="btn" type="submit" name="do" value="latest">
          {texts.latest}
        </button>
      </div>
    </form>
  )
}
