import type { Catalogue } from '../texts.tsx';

export const blind: Catalogue['blind'] = {
  title: '结果会显示他人的编码',
  what: (videos) =>
    `本项目采用盲编码。您尚未编码的视频中，有 ${videos} 个已有他人或模型的编码。一旦在此处、导出文件或编码手册中看到这些内容，您就不能再编码这些视频；审核不受影响。`,
  more: (videos) => `另有 ${videos} 个视频`,
  show: '仍要查看结果',
};
