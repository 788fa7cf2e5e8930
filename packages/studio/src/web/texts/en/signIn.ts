export const signIn = {
  title: 'Sign in to the studio',
  name: 'Name',
  signIn: 'Sign in',
  forgotten: 'Forgotten your password? An administrator of this studio can give you a new one.',
};
