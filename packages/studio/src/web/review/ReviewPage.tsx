import { Page } from '../shell/Page.tsx';

export default function ReviewPage() {
  return <Page title="Review">{null}</Page>;
}
