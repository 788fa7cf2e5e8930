/** How files end that are listed as videos. What a file is follows from its content, not from this. */
export const videoEndings: ReadonlySet<string> = new Set(
  '3g2 3gp asf avi f4v flv m2ts m2v m4v mkv mov mp4 mpeg mpg mts mxf ogm ogv ts vob webm wmv'
    .split(' ')
    .map((ending) => `.${ending}`),
);
