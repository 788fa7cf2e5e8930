export const blind = {
  title: 'Results show what others coded',
  what: (videos: number) => {
    const which =
      videos === 1
        ? 'There is a video that you have not coded, with work of others or of a model'
        : `There are ${videos} videos that you have not coded, with work of others or of a model`;
    const those = videos === 1 ? 'that video' : 'those videos';
    return `This project is coded blind. ${which}. Once you have seen it here, in an export or in the codebook, you cannot code ${those} any more. Reviewing stays open to you.`;
  },
  more: (videos: number) => (videos === 1 ? 'and one more' : `and ${videos} more`),
  show: 'Show results all the same',
};
