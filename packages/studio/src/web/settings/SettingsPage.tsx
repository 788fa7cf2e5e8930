import { useSession } from '../api/session.tsx';
import { Page } from '../shell/Page.tsx';
import { useTexts } from '../texts/texts.tsx';
import { OwnSettings } from './OwnSettings.tsx';
import { People } from './People.tsx';
import { Tokens } from './Tokens.tsx';
import './settings.css';

/** What belongs to the person, and for administrators the people of the studio. */
export default function SettingsPage() {
  const t = useTexts();
  const { account } = useSession();
  return (
    <Page title={t.settings.title} back={{ to: '/', label: t.shell.library }}>
      <div className="settings">
        <OwnSettings />
        {account?.administrator && <People />}
        <Tokens />
      </div>
    </Page>
  );
}
