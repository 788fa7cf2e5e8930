import { serveTasks } from '../threads/serveTasks.ts';
import { exchangeTasks } from './exchangeTasks.ts';

serveTasks(exchangeTasks);
