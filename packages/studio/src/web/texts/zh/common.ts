import type { Catalogue } from '../texts.tsx';

export const common: Catalogue['common'] = {
  back: '返回',
  cancel: '取消',
  change: '修改',
  close: '关闭',
  copy: '复制',
  copied: '已复制',
  delete: '删除',
  details: '详情',
  done: '完成',
  loading: '正在加载…',
  name: '名称',
  next: '下一步',
  password: '密码',
  remove: '移除',
  retry: '重试',
  save: '保存',
  saved: '已保存',
  model: '模型',
  final: '定稿',
  roles: { owner: '负责人', coder: '编码员', reviewer: '审核员' },
};
