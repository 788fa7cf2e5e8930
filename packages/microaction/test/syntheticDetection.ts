import { registerMediabunnyServer } from '@mediabunny/server';
import { createCanvas } from '@napi-rs/canvas';
import { FilePathTarget, Mp4OutputFormat, Output, VideoSample, VideoSampleSource } from 'mediabunny';
import type { DetectedInstance, MotionCurve, PoseDetection } from '../src/inference/detection.ts';
import type { PoseTrack } from '../src/pose/poseTrack.ts';
import { ease, places, reach, restingPlaces, syntheticPose } from './syntheticPose.ts';

/** A seated person who nods, shakes the head, touches the face and bounces a leg, partly at once. */
export function syntheticDetection(options: { seconds: number; sampleRate?: number }): PoseDetection {
  const { seconds, sampleRate = 15 } = options;
  const pose = syntheticPose(
    (time) => {
      const t = time % 20;
      return {
        headPitchDegrees: pitch(t),
        headYawDegrees: yaw(t),
        trunkRollDegrees: 4 * window(t, 9, 12.5) * Math.sin(2 * Math.PI * 0.8 * t),
        rightHand: reach(t, restingPlaces.rightHand, places.rightCheek, [5, 5.6, 7.8, 8.4]),
        leftHeelLiftMetres: 0.03 * window(t, 3, 16) * Math.abs(Math.sin(2 * Math.PI * 2.5 * t)),
      };
    },
    { seconds, sampleRate },
  );
  const curve = (id: string, title: string, unit: string, value: (t: number) => number): MotionCurve => ({
    id,
    title,
    unit,
    values: Float32Array.from(pose.timesSeconds, (time) => value(time % 20)),
  });
  const kinds = seconds < 1 ? [] : Array.from({ length: Math.ceil(seconds / 20) }, (_, i) => cycle(i * 20)).flat();
  return {
    model: 'kinematic',
    info: {
      durationSeconds: seconds,
      frameRate: sampleRate,
      variableFrameRate: false,
      frameCount: pose.timesSeconds.length,
      widthPixels: pose.widthPixels,
      heightPixels: pose.heightPixels,
      rotationDegrees: 0,
      codec: 'avc',
      hasAudio: false,
    },
    instances: kinds.filter((instance) => instance.end <= seconds),
    pose,
    curves: [
      curve('headPitch', 'Head pitch', 'degrees', pitch),
      curve('headYaw', 'Head yaw', 'degrees', yaw),
      curve('trunkSway', 'Trunk sway', 'degrees', (t) => 4 * window(t, 9, 12.5) * Math.sin(2 * Math.PI * 0.8 * t)),
      curve(
        'heelLift',
        'Left heel lift',
        'shoulder widths',
        (t) => 0.08 * window(t, 3, 16) * Math.abs(Math.sin(2 * Math.PI * 2.5 * t)),
      ),
      curve('handToFace', 'Right hand to face', 'head widths', (t) =>
        t > 18 ? Number.NaN : 3.4 - 3.2 * ease(t, 5, 5.6) * (1 - ease(t, 7.8, 8.4)),
      ),
    ],
  };
}

/** A drawn film of the key points, made by the project's own video libraries. */
export async function writeFilm(path: string, pose: PoseTrack): Promise<void> {
  registerMediabunnyServer();
  const [width, height] = [Math.round(pose.widthPixels / 6) * 2, Math.round(pose.heightPixels / 6) * 2];
  const source = new VideoSampleSource({
    codec: 'avc',
    bitrate: 500_000,
    keyFrameInterval: 1,
    hardwareAcceleration: 'prefer-software',
  });
  const output = new Output({ format: new Mp4OutputFormat(), target: new FilePathTarget(path) });
  const step = pose.timesSeconds[1] - pose.timesSeconds[0];
  output.addVideoTrack(source, { frameRate: Math.round(1 / step) });
  await output.start();
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const K = pose.points.length;
  for (let t = 0; t < pose.timesSeconds.length; t++) {
    context.fillStyle = '#5b6b73';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#d9c7b4';
    for (let k = 0; k < K; k++) {
      context.beginPath();
      context.arc(
        (pose.x[t * K + k] * width) / pose.widthPixels,
        (pose.y[t * K + k] * height) / pose.heightPixels,
        9,
        0,
        7,
      );
      context.fill();
    }
    const pixels = new Uint8Array(context.getImageData(0, 0, width, height).data);
    const sample = new VideoSample(pixels, {
      format: 'RGBA',
      codedWidth: width,
      codedHeight: height,
      timestamp: pose.timesSeconds[t],
      duration: step,
    });
    await source.add(sample);
    sample.close();
  }
  await output.finalize();
}

// ---- below: internals ----

const window = (t: number, from: number, to: number) => ease(t, from, from + 0.3) * (1 - ease(t, to - 0.3, to));
const pitch = (t: number) =>
  4.5 * window(t, 2, 4.6) * Math.sin(2 * Math.PI * 2.1 * t) + 14 * ease(t, 13, 13.6) * (1 - ease(t, 15, 16));
const yaw = (t: number) => 9 * window(t, 6, 8.2) * Math.sin(2 * Math.PI * 1.6 * t);

/** What a detector would say of 20 seconds. */
function cycle(from: number): DetectedInstance[] {
  const found = (action: string, start: number, end: number, score: number, curve: string, reason: string) => ({
    action,
    start: from + start,
    end: from + end,
    score,
    curve,
    reason,
  });
  return [
    found('nodding', 2, 4.6, 0.82, 'headPitch', 'head pitch oscillates at 2.1 Hz, 9.0 degrees peak to peak'),
    found('shaking legs', 3, 16, 0.64, 'heelLift', 'left heel lifts 2.5 times a second, 0.08 shoulder widths'),
    found(
      'touching face',
      5.3,
      8.1,
      0.71,
      'handToFace',
      'right hand within 0.3 head widths of the right cheek for 2.2 s',
    ),
    found('stretching arms', 5, 5.7, 0.28, 'handToFace', 'right wrist travels 1.9 shoulder widths in 0.6 s'),
    found('shaking head', 6, 8.2, 0.77, 'headYaw', 'head yaw oscillates at 1.6 Hz, 18 degrees peak to peak'),
    found('tilting head', 6.6, 7.4, 0.18, 'headYaw', 'head roll changes by 6 degrees'),
    found('retracting arms', 7.7, 8.4, 0.31, 'handToFace', 'right wrist comes back 1.9 shoulder widths'),
    found('shaking body', 9, 12.5, 0.55, 'trunkSway', 'trunk sways at 0.8 Hz, 8 degrees from side to side'),
    found(
      'touching legs',
      9.4,
      19.5,
      0.35,
      'handToFace',
      'right hand rests within 0.2 shoulder widths of the right thigh',
    ),
    found('bowing head', 13, 15.8, 0.93, 'headPitch', 'head pitch goes down by 14 degrees within 0.6 s'),
  ];
}
