import { useState, useSyncExternalStore } from 'react';
import type { Comment } from '../../contract/coding.ts';
import { api } from '../api/client.ts';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { randomLetters } from './editHistory.ts';
import type { Workbench } from './workbench.ts';

interface CommentsProps {
  readonly bench: Workbench;
  readonly coding: string;
  readonly instance: string;
}

/** What people say of an instance. A text stays in its field until the studio has it. */
export function Comments({ bench, coding, instance }: CommentsProps) {
  const t = useTexts();
  const all = useSyncExternalStore(bench.store.subscribe, () => bench.store.comments);
  const [text, setText] = useState('');
  const [error, setError] = useState<unknown>(null);
  // Stays the same when it is sent again, so that it is there once.
  const [id, setId] = useState(newId);
  const send = async () => {
    setError(null);
    try {
      await bench.store.whenSaved();
      bench.store.addComment(
        await api.post<Comment>(`/codings/${coding}/comments`, { id, instance, text: text.trim() }),
      );
      setText('');
      setId(newId());
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <section className="comments" aria-label={t.editor.comments}>
      <ul>
        {all
          .filter((comment) => comment.instance === instance)
          .map((comment) => (
            <li key={comment.id}>
              <p>{comment.text}</p>
              <p className="hint">{t.editor.commentBy(comment.author, t.format.moment(comment.at))}</p>
            </li>
          ))}
      </ul>
      <form
        className="comment-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) void send();
        }}
      >
        <input
          className="field"
          data-focus="comment"
          value={text}
          maxLength={4000}
          placeholder={t.editor.newComment}
          aria-label={t.editor.newComment}
          onChange={(event) => setText(event.target.value)}
        />
        {text.trim() && (
          <button type="submit" className="button">
            {t.editor.sendComment}
          </button>
        )}
      </form>
      <ProblemNote error={error} />
    </section>
  );
}

// ---- below: internals ----

const newId = () => `n_${randomLetters(20)}`;
