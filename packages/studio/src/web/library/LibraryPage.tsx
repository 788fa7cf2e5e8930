import { Page } from '../shell/Page.tsx';

export default function LibraryPage() {
  return <Page title="Library">{null}</Page>;
}
