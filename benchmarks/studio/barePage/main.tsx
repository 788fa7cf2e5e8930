// The least that React can show. For pages.ts.
import { createRoot } from 'react-dom/client';

createRoot(document.getElementById('bare') as HTMLElement).render(<button type="button">Open a video</button>);
