import type { CodingSummary } from '../../contract/coding.ts';
import { useSession } from '../api/session.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Who and what has coded a video: open ones outlined, submitted ones filled, models in italics, the settled one last. */
export function CodingChips({ codings }: { codings: readonly CodingSummary[] }) {
  const t = useTexts();
  const { account } = useSession();
  const ordered = [...codings].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  return (
    <ul className="chips">
      {ordered.map((coding) => {
        const { id, kind, status, hidden, instanceCount } = coding;
        const name = coding.account === account?.id ? t.library.me : kind === 'final' ? t.common.final : coding.title;
        return (
          <li key={id} className={`badge chip ${kind} ${status}`} title={meaning(coding, name)}>
            {name}
            <span aria-hidden="true">{hidden ? '–' : instanceCount}</span>
            <span className="visually-hidden">{meaning(coding, name)}</span>
          </li>
        );
      })}
    </ul>
  );

  function meaning({ kind, status, hidden, instanceCount, proposalCount }: CodingSummary, name: string): string {
    const { chips } = t.library;
    const count = instanceCount ?? 0;
    if (hidden) return chips.hidden(name);
    if (kind === 'final') return chips.final(count);
    if (kind === 'model') return chips.model(name, count || (proposalCount ?? 0));
    return status === 'open' ? chips.open(name, count) : chips.submitted(name, count);
  }
}

// ---- below: internals ----

const kinds: readonly CodingSummary['kind'][] = ['coder', 'model', 'final'];
