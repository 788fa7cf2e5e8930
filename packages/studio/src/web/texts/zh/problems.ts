import type { Catalogue } from '../texts.tsx';

/** By code. The server's own message, in English, is folded away below, with what it is about. */
export const problems: Catalogue['problems'] = {
  // The pages themselves.
  unreachable: '工作室没有响应：它还在运行吗？没有任何改动，请重试。',
  unexpected: '工作室返回了意外的结果。没有丢失任何内容，请重试。',

  // The studio as a whole.
  bug: '工作室内部出现错误，已保存的内容是安全的。请重试；运行工作室的终端中有更多信息。',
  busy: '工作室正忙，请稍后再试。没有丢失任何内容。',
  'disk-full': '磁盘已满，本次未能保存；之前保存的内容是安全的。请清理磁盘空间后重试。',
  'read-only': '目前无法保存：数据库受损或不可写入。已有内容仍可查看。',
  'work-failed': '处理没有成功，视频和编码均未受影响。可以重试。',

  // Who is asking.
  'signed-out': '您已退出登录。请重新登录后再试。',
  'wrong-sign-in': '用户名与密码不匹配，请检查后重试。',
  'wrong-password': '当前密码不正确，密码未修改。',
  'own-password': '自己的密码请在“个人”设置中修改。',
  'too-many-guesses': '尝试次数过多，请稍后再登录。',
  disabled: '此账号已停用，请联系管理员。',
  csrf: '页面的凭证已失效，请重新加载页面后再试。',
  'cross-origin': '请求来自其他网站，已被拒绝。',
  'foreign-host': '工作室不接受以此地址访问，请使用终端中显示的地址。',
  'no-such-host': '无法使用此主机地址。',
  'not-allowed': '您没有进行此操作的权限，请联系项目负责人或管理员。',
  'not-yours': '这不是您的内容，只有本人或项目负责人可以修改。',
  'bad-token': '令牌无效或已被删除，请创建新的令牌。',
  'not-by-token': '此操作需要本人登录，不能使用令牌。',
  'read-only-token': '此令牌只能读取，不能写入。',
  'name-taken': '该名称已被使用，请换一个名称。',
  'already-team': '这里已经是团队使用方式。',
  solo: '请先为自己设置用户名和密码，然后才能添加其他账号。',
  'no-accounts': '还没有人设置密码，因此不能向网络中的其他人开放。',
  'last-owner': '项目至少需要一位负责人，请先指定另一位负责人。',
  'last-administrator': '至少需要一位管理员，请先指定另一位管理员。',

  // What was sent.
  'bad-request': '请求内容不符合要求，没有任何改动。',
  'bad-json': '请求内容不是有效的 JSON，没有任何改动。',
  'bad-form': '上传的表单不完整或无法读取，没有任何改动，请重新发送。',
  'not-json': '请求应为 JSON 格式，没有任何改动。',
  'length-required': '请求缺少内容长度，没有任何改动。',
  'too-large': '内容过大，没有任何改动。',
  'id-taken': '此编号已用于其他内容，没有任何改动。',
  'not-found': '找不到该内容，或者您无权查看。请重新查看列表。',
  conflict: '在此期间有其他人修改了同一内容。您的修改没有生效，也没有丢失。',

  // Videos and files.
  'already-added': '该视频已在项目中。',
  'bad-path': '路径无效：只能使用数据文件夹内的文件。',
  'file-not-allowed': '没有读取该文件的权限，请修改文件权限后重试。',
  'no-file': '找不到文件，它可能已被移动或删除。编码仍然保留。',
  'no-such-video': '项目中没有这个视频。',
  'not-a-video': '该文件不是可以识别的视频，未添加。',
  'unsupported-codec': '无法解码该视频的编码格式。',
  'no-frames': '该视频中没有可以读取的画面。',
  'no-encoder': '无法生成副本：缺少相应的视频编码器。',
  'not-playable': '浏览器无法播放该视频，请先生成可播放的副本。',
  'not-derived': '该内容尚未生成，请等待准备完成。',
  'not-looked-at': '该视频尚未准备完成，请稍后再试。',
  'other-content': '所选文件的内容与原视频不同，未更改。',
  'same-video': '这就是原来的文件，未更改。',
  'bad-offset': '上传位置有误，请继续上传。',
  'wrong-offset': '上传位置不一致，将从已收到的位置继续。',
  'bad-points': '关键点数据无法读取，请重新检测。',

  // Detection.
  'no-detector': '没有这个检测模型，请重新选择。',
  'other-scheme': '该模型的动作名称与本项目的编码方案不同，请选择合适的模型。',

  // Coding and review.
  submitted: '该编码已经提交，不能再修改。可由本人、负责人或审核员重新打开。',
  'not-reopened': '该视频已经定稿，不能重新打开编码。请先撤销定稿。',
  blind: '本项目采用盲编码：请先提交自己的编码。',
  hidden: '提交自己的编码之后才能查看。',
  looked: '您已经看过该视频中他人的编码，因此不能再进行盲编码。',
  'bad-times': '开始时间必须早于结束时间，没有任何改动。',
  'outside-video': '时间超出了视频范围，没有任何改动。',
  'unknown-action': '编码方案中没有这个动作，没有任何改动。',
  'nothing-to-delete': '要删除的条目已经不存在。',
  'not-a-model': '这不是模型的结果。',
  'bad-decision': '裁决内容不完整或有误，没有任何改动。',
  settled: '该视频已经定稿。',
  'too-few-codings': '审核至少需要两份已提交的编码。',
  'open-disputes': '还有尚未裁决的分歧，请先裁决，或选择按多数意见处理。',

  // Results and exchange.
  'bad-annotations': '标注文件无法读取，没有导入任何内容。',
  'does-not-fit': '标注内容与该视频不符（例如时间超出视频长度），没有导入任何内容。',
  'bad-file': '文件无法读取，没有任何改动。',
  'no-agreement': '至少需要两人提交同一视频的编码，才能计算一致性。',
  'no-such-figure': '没有这种图表。',
  'no-such-source': '没有这个数据来源。',
  'one-video': '此图表一次只能显示一个视频，请先选择视频。',
  'unknown-format': '无法识别文件格式，请手动选择格式。',
  'unknown-taxonomy': '文件使用的动作名称不在编码方案中。',
  'not-text': '该文件不是文本文件，没有导入任何内容。',
  'empty-file': '文件是空的，没有导入任何内容。',
};
