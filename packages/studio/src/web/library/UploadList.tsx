import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { problemText } from '../shell/problemText.ts';
import { useTexts } from '../texts/texts.tsx';
import { isRefused, type Transfer, type Uploads } from './uploads.ts';

/** Files on their way: how far, and ways to pause, go on and give up. */
export function UploadList({ uploads, transfers }: { uploads: Uploads; transfers: readonly Transfer[] }) {
  const t = useTexts();
  const underWay = transfers.filter(({ state }) => state !== 'done');
  if (underWay.length === 0) return null;
  const remove = (key: string) =>
    uploads.remove(key).catch((error: unknown) => notify(problemText(t, error).text, 'problem'));
  return (
    <section className="panel uploads" aria-label={t.library.uploads.title}>
      <ul>
        {underWay.map((transfer) => (
          <li key={transfer.key}>
            <span className="upload-name">{transfer.name}</span>
            <progress max={transfer.sizeBytes} value={transfer.sentBytes} aria-label={transfer.name} />
            <span className="hint">{stateText(transfer)}</span>
            {['sending', 'queued', 'waiting'].includes(transfer.state) && (
              <button type="button" className="button quiet" onClick={() => uploads.pause(transfer.key)}>
                {t.library.uploads.pause}
              </button>
            )}
            {['paused', 'failed'].includes(transfer.state) && !isRefused(transfer.error) && (
              <button type="button" className="button quiet" onClick={() => uploads.resume(transfer.key)}>
                {t.library.uploads.resume}
              </button>
            )}
            <button
              type="button"
              className="button quiet"
              aria-label={`${t.library.uploads.remove}: ${transfer.name}`}
              title={t.library.uploads.remove}
              onClick={() => void remove(transfer.key)}
            >
              ×
            </button>
            {transfer.state === 'failed' && <ProblemNote error={transfer.error} />}
          </li>
        ))}
      </ul>
    </section>
  );

  function stateText({ state, sentBytes, sizeBytes }: Transfer): string {
    const texts = t.library.uploads;
    const progress = texts.sending(t.format.bytes(sentBytes), t.format.bytes(sizeBytes));
    return state === 'sending' ? progress : `${progress} · ${texts[state]}`;
  }
}
