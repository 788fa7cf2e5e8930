import type { Catalogue } from '../texts.tsx';

export const signIn: Catalogue['signIn'] = {
  title: '登录工作室',
  name: '用户名',
  signIn: '登录',
  forgotten: '忘记密码了？工作室的管理员可以为您重设。',
};
