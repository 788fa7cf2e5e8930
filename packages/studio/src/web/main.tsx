import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { queryClient } from './api/queries.ts';
import { prepareFirstPage } from './pages.ts';
import { browserLanguage, loadTexts } from './texts/texts.tsx';
import './theme/theme.css';

const language = localStorage.getItem('language') === 'zh' ? 'zh' : browserLanguage();
// A page whose file does not come says so itself.
const preparing = prepareFirstPage(location.pathname).catch(() => {});
const [first] = await Promise.all([loadTexts(language), preparing]);
createRoot(document.getElementById('studio') as HTMLElement).render(
  <QueryClientProvider client={queryClient}>
    <App firstTexts={first} />
  </QueryClientProvider>,
);
