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
  readonly settingColumns: readonly string[];
  readonly yes: string;
  readonly no: string;
  protocol(settings: ProtocolSettings): string[];
  readonly videoColumns: readonly string[];
  readonly kinds: Readonly<Record<'coder' | 'model' | 'final', string>>;
  readonly statuses: Readonly<Record<'open' | 'submitted', string>>;
  readonly levels: Readonly<Record<'action' | 'body', string>>;
  agreementNote(coders: readonly string[], videos: number): string;
  readonly agreementColumns: readonly string[];
  /** A figure of agreement by its English name: what it is called, and what it means where that is not said already. */
  readonly agreementFigures: Readonly<Record<string, readonly [name: string, meaning: string]>>;
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
  settingColumns: ['setting', 'value'],
  yes: 'yes',
  no: 'no',
  protocol: ({ blind, codersWanted, agreedAboveIou, sameFromIou }) => [
    blind
      ? "People coded each video without seeing one another's work, or a model's, until they had submitted their own."
      : "People could see one another's work and a model's proposals while they coded.",
    `Each video was to be coded by ${codersWanted === 1 ? 'one person' : `${codersWanted} people`}. Where several did, their codings were compared action by action: what all of them gave with a temporal IoU (time that two instances share, by the time that either takes) above ${agreedAboveIou} between any two is agreed, and starts and ends at the medians.`,
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
  agreementFigures: {},
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

const zh: CodebookTexts = {
  title: (project) => `${project} 编码手册`,
  sections: {
    project: '项目',
    protocol: '编码方式',
    videos: '谁编码了哪些视频',
    agreement: '编码者之间的一致性',
    scheme: '编码体系',
    files: '各列与各文件的含义',
  },
  settingNames: {
    project: '项目',
    written: '生成时间',
    scheme: '编码体系',
    blind: '盲编码',
    codersWanted: '每个视频需要的编码者人数',
    agreedAboveIou: '视为一致的时间 IoU（高于）',
    sameFromIou: '视为同一动作的时间 IoU（不低于）',
  },
  settingColumns: ['设置', '值'],
  yes: '是',
  no: '否',
  protocol: ({ blind, codersWanted, agreedAboveIou, sameFromIou }) => [
    blind
      ? '每位编码者在提交自己的编码之前，看不到其他人或模型对同一视频的编码。'
      : '编码者在编码时可以看到其他人的编码和模型的建议。',
    `每个视频计划由 ${codersWanted} 人编码。各人的编码逐个动作进行比较：如果所有人都标注了同一动作，且任意两人之间的时间 IoU（两个实例重叠的时长除以两者合起来的时长）都高于 ${agreedAboveIou}，即视为一致，起止时间取中位数。`,
    `其余的视为有分歧：同一动作的编码，时间 IoU 不低于 ${sameFromIou} 时视为同一次动作；超过半数的编码者看到了就保留（多数决定），或由所有者、审核者讨论后决定。最终编码由一致的和保留下来的实例组成；每个实例的 reason 一栏写明其来历和决定者。`,
  ],
  videoColumns: ['视频', '文件', '被观察者', '时长（秒）', '每秒帧数', '编码', '编码者', '状态', '提交时间'],
  kinds: { coder: '编码者', model: '模型', final: '最终编码' },
  statuses: { open: '进行中', submitted: '已提交' },
  levels: { action: '动作', body: '身体部位' },
  agreementNote: (coders, videos) =>
    `${coders.join('、')} 都编码并提交了的 ${videos} 个视频。区间：95 %，对视频自助抽样；只有一个视频时为空。`,
  agreementColumns: ['指标', '层级', '值', '下限', '上限', '含义'],
  agreementFigures: {
    "Cohen's kappa": [
      'Cohen κ',
      '以十分之一秒为单位，两人对当下有哪些动作的判断超出偶然的一致程度：1 为完全一致，0 为偶然水平。',
    ],
    "Fleiss' kappa": [
      'Fleiss κ',
      '以十分之一秒为单位，各人对当下有哪些动作的判断超出偶然的一致程度：1 为完全一致，0 为偶然水平。',
    ],
    "Krippendorff's alpha": [
      'Krippendorff α',
      '同样是时间上的一致程度，对样本少的情况作了校正；通常认为 0.8 以上可靠，低于 0.667 不可靠。',
    ],
    'Unitised alpha': ['单元化 α', '针对时间段的 Krippendorff α：每段编码有多少也被其他人编码，起止时间计算在内。'],
    'F1 of events': ['事件 F1', '一人看到的动作中，另一人也看到（时间 IoU 不低于 0.5）的比例；两个方向取平均。'],
    'Agreed by all': ['全员一致', '数据集自身的标准：所有人都标注、且时间 IoU 高于项目设定值的动作所占比例。'],
  },
  schemeNote: '每行一个动作。最后几列是各来源的实例数；没有人接受的建议不计入。',
  schemeColumns: ['代码', '动作', '身体部位', '编号', '定义'],
  countOf: (source) => `实例数：${source}`,
  filesNote:
    '时间以秒为单位，从视频开头算起。实例从 start 起成立，到 end 时已不再成立。实例可以重叠，同一身体部位的也可以。',
  meaningColumns: ['名称', '含义'],
  meanings: [
    ['video', '视频名称，不含文件扩展名。'],
    ['action', '动作在编码体系中的名称。'],
    ['code', '动作在标注手册中的代码。'],
    ['body_part', '所属身体部位的名称。'],
    ['start, end', '从视频开头算起的秒数。'],
    ['score', '模型的把握程度，0 到 1。人工编码中为空。'],
    ['reason', '最终编码：该实例的来历。模型：它看到了什么。'],
    ['file', '视频文件相对于数据文件夹的位置。'],
    ['video_duration, fps, width, height', '视频的时长（秒）、每秒帧数、像素。'],
    ['subject', '被观察者，按视频库中填写的内容。'],
    ['decisions.csv', '每行一次审核决定：哪处分歧、保留还是舍弃、如何决定、由谁、何时，以及备注。'],
    ['decisions.csv, dispute', '同一处分歧的所有决定相同；编码改动之后，分歧就是另一处了。'],
    ['decisions.csv, counts', '该分歧的最后一次决定为 yes，被取代的为 no。'],
    ['coder NAME, model NAME, final', '导出全部内容时的文件夹：其中的文件是谁的编码。'],
  ],
};

export const codebookTexts: Readonly<Record<Language, CodebookTexts>> = { en, zh };
