import type { Catalogue } from '../texts.tsx';

export const problems: Catalogue['problems'] = {
  unreachable: '工作室没有响应：它还在运行吗？没有任何改动，请重试。',
};
