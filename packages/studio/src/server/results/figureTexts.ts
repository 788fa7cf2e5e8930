import { microActions52 } from 'microaction';
import { actions, parts } from '../../contract/chineseNames.ts';
import type { Language } from '../../contract/common.ts';

/** How the words of figures are said in a language; what is not known stays as it is. */
export interface FigureTexts {
  /** A title of a figure, an axis or a legend. */
  title(english: string): string;
  /** A label on an axis or in a legend: an action, a body part, a kind of error ... */
  label(english: string): string;
}

/** Null for English, in which figures are made. */
export const figureTexts: Readonly<Record<Language, FigureTexts | null>> = {
  en: null,
  zh: { title: (english) => chineseTitle(english), label: (english) => chineseLabel(english) },
};

// ---- below: internals ----

function chineseTitle(english: string): string {
  for (const [pattern, chinese] of titlePatterns) if (pattern.test(english)) return english.replace(pattern, chinese);
  return titles.get(english) ?? english;
}

function chineseLabel(english: string): string {
  const whole = labels.get(english);
  if (whole) return whole;
  const pair = /^(.+?)( → | beside )(.+)$/.exec(english);
  if (pair) return `${chineseLabel(pair[1])}${pair[2] === ' → ' ? ' → ' : '，同时'}${chineseLabel(pair[3])}`;
  return english.replace(/^(.+) \((\d+)\)$/, (_, label: string, lane: string) => `${chineseLabel(label)}（${lane}）`);
}

const titles: ReadonlyMap<string, string> = new Map([
  ['Instances per action', '各动作的实例数'],
  ['Instances per body part', '各身体部位的实例数'],
  ['instances', '实例数'],
  ['Duration of instances per action', '各动作的实例时长'],
  ['Duration of instances per body part', '各身体部位的实例时长'],
  [
    'bar: mean; line: one standard deviation to either side; number: instances',
    '条：均值；线：上下各一个标准差；数字：实例数',
  ],
  ['duration, seconds', '时长（秒）'],
  ['Instances at the same time', '同时进行的实例'],
  ['instances that run', '同时进行的实例数'],
  ['share of the time', '占总时长的比例'],
  ['most that run at once in a video', '一个视频中最多同时进行的实例数'],
  ['share of the videos', '占视频的比例'],
  ['Time budget per action', '各动作的时间分配'],
  ['Time budget per body part', '各身体部位的时间分配'],
  ['Which action starts next', '接下来开始的是哪个动作'],
  ['Which body part starts next', '接下来动的是哪个身体部位'],
  ['first', '先开始'],
  ['next to start', '接着开始'],
  ['times that it is the next to start', '接着开始的次数'],
  ['Which actions happen at the same time', '哪些动作同时发生'],
  ['Which body parts happen at the same time', '哪些身体部位同时在动'],
  ['seconds in which both happen', '两者同时发生的秒数'],
  ['time, seconds', '时间（秒）'],
  ['alpha on time', '时间上的 α'],
  ['unitised alpha', '单元化 α'],
  ['F1 of events', '事件 F1'],
  ['agreed by all', '全员一致'],
  ['False positive profile', '误报构成'],
  ['top predictions (G: instances of the class)', '得分最高的预测（G：该类别的实例数）'],
  ['share of the predictions', '占预测的比例'],
  ['gain of average mAP_N if removed, points', '去除该类错误后平均 mAP_N 的提升（百分点）'],
  ['False negative rate', '漏检率'],
  ['missed instances, %', '漏检的实例（%）'],
  ['coverage (share of the video)', '覆盖率（占视频时长）'],
  ['length (seconds)', '时长（秒）'],
  ['instances in the video', '视频中的实例数'],
  ['of the same class', '其中同类的实例数'],
  ['Sensitivity', '敏感度'],
  ['average mAP_N, %', '平均 mAP_N（%）'],
  ['Most frequent confusions', '最常见的混淆'],
  ['what it is → what it is taken for', '实际 → 被认作'],
  ['What is taken for what', '混淆矩阵'],
  ['what it is', '实际'],
  ['what it is taken for', '被认作'],
  ['Missed while another runs', '与其他动作同时发生时的漏检'],
  ['instances (light), missed (dark)', '实例（浅色）与漏检（深色）'],
  ['Calibration of the scores', '得分的校准'],
  ['score', '得分'],
  ['share of true positives', '真阳性的比例'],
  ['predictions', '预测数'],
  ['nothing to show', '没有可显示的内容'],
]);

const titlePatterns: readonly (readonly [pattern: RegExp, chinese: string])[] = [
  [/^([\d,]+) instances? in ([\d,]+) videos?$/, '$2 个视频，$1 个实例'],
  [/^([\d,]+) instances? in ([\d.]+) s$/, '$2 秒，$1 个实例'],
  [/^([\d,]+) videos?$/, '$1 个视频'],
  [/^of ([\d,]+) s; beside each bar: seconds and instances$/, '总时长 $1 秒；条形旁：秒数与实例数'],
  [/^Agreement of (.+)$/, '编码员之间的一致性：$1'],
  [
    /^([\d,]+) videos? that all coded; lines: (\d+) % intervals \(bootstrap over videos\)$/,
    '所有人都编码过的 $1 个视频；线段：$2 % 区间（对视频自助抽样）',
  ],
  [/^([\d,]+) videos? that all coded$/, '所有人都编码过的 $1 个视频'],
  [/^([\d,]+) predictions; mAP_N is mAP with normalised precision$/, '$1 个预测；mAP_N 是用归一化精确率计算的 mAP'],
  [
    /^dashed: all instances, ([\d.]+) %; below each bar: bucket, range, instances$/,
    '虚线：全部实例，$1 %；条形下方：分组、范围、实例数',
  ],
  [/^missed: (.+) of those alone, (.+) of those beside another$/, '漏检：单独发生的 $1，与其他动作同时发生的 $2'],
  [/^expected calibration error ([\d.]+)$/, '期望校准误差 $1'],
];

const labels: ReadonlyMap<string, string> = new Map([
  ...Object.entries(actions),
  ...microActions52.bodyParts.map(({ code, name }) => [name, parts[code]] as const),
  ['all', '全部'],
  ['true positive', '真阳性'],
  ['double detection', '重复检测'],
  ['wrong label', '标签错误'],
  ['localisation error', '定位错误'],
  ['confusion', '标签与定位都错'],
  ['background', '背景'],
]);
