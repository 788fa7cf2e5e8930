import type { Catalogue } from '../texts.tsx';

export const tour: Catalogue['tour'] = {
  skip: '跳过导览',
  count: (step, all) => `${step} / ${all}`,
  steps: {
    play: {
      title: '按空格键播放',
      text: '再按一次暂停。逗号和句号键分别后退、前进一帧，同时按住 Shift 则为十帧。',
    },
    palette: {
      title: '两次按键完成编码',
      text: '每个动作由身体部位字母和第二个键组成。播放时按住第二个键：按住多久，编码就持续多久。',
    },
    timeline: {
      title: '编码结果显示在这里',
      text: '实线条是已编码的动作，虚线条是模型建议。可以拖动整条或两端；Ctrl-Z 可无限次撤销，加号和减号用于缩放。',
    },
    proposal: {
      title: '处理模型建议',
      text: '按 N 跳到下一条建议；按回车接受，按退格键拒绝，按 R 改为其他标签。',
    },
    submit: {
      title: '完成后提交',
      text: '每次修改都会立即保存。提交之后，可以在视频库的“结果”中查看统计，并导出为各种格式。',
    },
  },
};
