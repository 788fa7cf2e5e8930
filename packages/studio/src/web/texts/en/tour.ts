export const tour = {
  skip: 'Skip the tour',
  count: (step: number, all: number) => `${step} of ${all}`,
  steps: {
    play: {
      title: 'Press space to play',
      text: 'Space again pauses. The comma and full stop keys go one frame back and forward, with shift ten.',
    },
    palette: {
      title: 'Code with two keys',
      text: 'Each action has a letter for the body part and a second key. Hold the second one while the video plays: the instance lasts as long as the key is down.',
    },
    timeline: {
      title: 'What is coded stands here',
      text: 'Solid bars are coded, dotted ones are proposals. Drag a bar or its edges; ctrl-Z undoes, without limit. Plus and minus zoom.',
    },
    proposal: {
      title: 'Decide on the proposals',
      text: 'N goes to the next one. Enter accepts it, Backspace rejects it, R gives it another label.',
    },
    submit: {
      title: 'Submit when you are through',
      text: 'Every change is saved at once. After submitting, Results in the library has the figures, and exports in every format.',
    },
  },
};
