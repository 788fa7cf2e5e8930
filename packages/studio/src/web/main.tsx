import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { queryClient } from './api/queries.ts';
import { browserLanguage, loadTexts } from './texts/texts.tsx';
import './theme/theme.css';

const first = await loadTexts(localStorage.getItem('language') === 'zh' ? 'zh' : browserLanguage());
createRoot(document.getElementById('studio') as HTMLElement).render(
  <QueryClientProvider client={queryClient}>
    <App firstTexts={first} />
  </QueryClientProvider>,
);
