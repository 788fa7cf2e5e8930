import { useTexts } from '../texts/texts.tsx';

interface EmptyLibraryProps {
  readonly isOwner: boolean;
  readonly onOpen: () => void;
  readonly onDemonstration: () => void;
}

/** One sentence, one button, one link: nothing else is needed before the first instance is coded. */
export function EmptyLibrary({ isOwner, onOpen, onDemonstration }: EmptyLibraryProps) {
  const t = useTexts();
  if (!isOwner) return <p className="starting">{t.library.emptyForCoder}</p>;
  return (
    <div className="starting empty-library">
      <p>{t.library.empty}</p>
      <div className="toolbar">
        <button type="button" className="button primary" onClick={onOpen}>
          {t.library.openVideo}
        </button>
        <button type="button" className="button link" onClick={onDemonstration}>
          {t.library.tryDemonstration}
        </button>
      </div>
    </div>
  );
}
