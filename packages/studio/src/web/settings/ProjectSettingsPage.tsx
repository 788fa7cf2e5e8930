import { Page } from '../shell/Page.tsx';

export default function ProjectSettingsPage() {
  return <Page title="Project">{null}</Page>;
}
