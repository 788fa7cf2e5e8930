import type { Language } from '../../contract/common.ts';

interface ProtocolSettings {
  readonly blind: number;
  readonly codersWanted: number;
  readonly agreedAboveIou: number;
  readonly sameFromIou: number;
}

interface CodebookTexts {
  title(project: string): string;
  readonly sections: Readonly<Record<'project' | 'protocol' | 'videos' | 'agreement' | 'scheme' | 'files', string>>;
  readonly settingNames: Readonly<
    Record<'project' | 'written' | 'scheme' | 'blind' | 'codersWanted' | 'agreedAboveIou' | 'sameFromIou', string>
  >;
  readonly yes: string;
  readonly no: string;
  protocol(settings: ProtocolSettings): string[];
  readonly videoColumns: readonly string[];
  readonly kinds: Readonly<Record<'coder' | 'model' | 'final', string>>;
  readonly statuses: Readonly<Record<'open' | 'submitted', string>>;
  readonly levels: Readonly<Record<'action' | 'body', string>>;
  agreementNote(coders: readonly string[], videos: number): string;
  readonly agreementColumns: readonly string[];
  readonly schemeNote: string;
  readonly schemeColumns: readonly string[];
  countOf(source: string): string;
  readonly filesNote: string;
  readonly meaningColumns: readonly string[];
  readonly meanings: readonly (readonly string[])[];
}

const en: CodebookTexts = {
  title: (project) => `Codebook of ${project}`,
  sections: {
    project: 'Project',
    protocol: 'How it was coded',
    videos: 'Who coded what',
    agreement: 'Agreement between coders',
    scheme: 'Coding scheme',
    files: 'What columns and files mean',
  },
  settingNames: {
    project: 'Project',
    written: 'Written',
    scheme: 'Coding scheme',
    blind: 'Coded blind',
    codersWanted: 'Coders wanted for each video',
    agreedAboveIou: 'Agreed above a temporal IoU of',
    sameFromIou: 'One movement from a temporal IoU of',
  },
  yes: 'yes',
  no: 'no',
  protocol: ({ blind, codersWanted, agreedAboveIou, sameFromIou }) => [
    blind
      ? "People coded each video without seeing one another's work, or a model's, until they had submitted their own."
      : "People could see one another's work and a model's proposals while they coded.",
    `Each video was to be coded by ${codersWanted}. Their codings were compared action by action: what all of them gave with a temporal IoU (time that two instances share, by the time that either takes) above ${agreedAboveIou} between any two is agreed, and starts and ends at the medians.`,
    `The rest was disputed: codings of one action with a temporal IoU of ${sameFromIou} or more were taken for one movement, and kept if more than half of the coders saw it (majority) or as an owner or reviewer decided after discussion. The final coding holds what was agreed and what was kept; the reason of each instance says which, and who decided.`,
  ],
  videoColumns: [
    ...['video', 'file', 'subject', 'duration (s)', 'frames per second'],
    ...['coding', 'by', 'status', 'submitted'],
  ],
  kinds: { coder: 'coder', model: 'model', final: 'final' },
  statuses: { open: 'open', submitted: 'submitted' },
  levels: { action: 'action', body: 'body part' },
  agreementNote: (coders, videos) =>
    `Of ${coders.join(', ')}, in ${videos === 1 ? 'the one video' : `the ${videos} videos`} that all of them coded and submitted. Intervals: 95 %, bootstrap over videos; empty where there is one video.`,
  agreementColumns: ['figure', 'level', 'value', 'low', 'high', 'meaning'],
  schemeNote:
    'One row an action. The last columns count the instances of each source; proposals that nobody accepted are not counted.',
  schemeColumns: ['code', 'action', 'body part', 'id', 'definition'],
  countOf: (source) => `instances: ${source}`,
  filesNote:
    'Times are seconds from the start of the video. An instance holds from its start on and no longer at its end. Instances may overlap, also those of one body part.',
  meaningColumns: ['name', 'meaning'],
  meanings: [
    ['video', 'Name of the video, without the ending of its file.'],
    ['action', 'Name of the action in the coding scheme.'],
    ['code', 'Its code in the annotation manual.'],
    ['body_part', 'Name of its body part.'],
    ['start, end', 'Seconds from the start of the video.'],
    ['score', 'How sure a model is, 0 to 1. Empty in what people coded.'],
    ['reason', 'Of a final coding: how the instance came to be in it. Of a model: what it saw.'],
    ['file', "Where the video lies, relative to the studio's data folder."],
    ['video_duration, fps, width, height', 'Of the video: seconds, frames per second, pixels.'],
    ['subject', 'Who is seen, as typed in the library.'],
    [
      'decisions.csv',
      'One row a decision of a review: the dispute, what was kept or dropped, how, by whom, when, and the note.',
    ],
    [
      'decisions.csv, dispute',
      'The same for all decisions of one dispute; a dispute whose codings were changed is another one.',
    ],
    ['decisions.csv, counts', 'yes for the last decision of its dispute, no for those that it replaced.'],
    ['folders coder NAME, model NAME, final', 'In an export of everything: whose codings the files in it hold.'],
  ],
};

export const codebookTexts: Readonly<Record<Language, CodebookTexts>> = { en, zh: en };
