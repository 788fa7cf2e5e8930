/**
 * What can be busy. An action holds some of these while it runs, and no other action may hold them meanwhile. The head
 * has three, since it can nod while it is turned. Left and right are the person's own.
 */
export const limbs = [
  'trunk',
  'shoulders',
  'headYaw',
  'headPitch',
  'headRoll',
  'leftArm',
  'rightArm',
  'leftLeg',
  'rightLeg',
] as const;

export type Limb = (typeof limbs)[number];

export type Side = 'left' | 'right';
export const sides = ['left', 'right'] as const satisfies readonly Side[];
export const otherSide = (side: Side): Side => (side === 'left' ? 'right' : 'left');

export const armOf = (side: Side): Limb => `${side}Arm`;
export const legOf = (side: Side): Limb => `${side}Leg`;
/** 1 on the person's left, -1 on the right. */
export const sign = (side: Side) => (side === 'left' ? 1 : -1);
