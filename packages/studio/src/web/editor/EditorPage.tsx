import { Page } from '../shell/Page.tsx';

export default function EditorPage() {
  return <Page title="Editor">{null}</Page>;
}
