import { serveTasks } from '../threads/serveTasks.ts';
import { resultsTasks } from './resultsTasks.ts';

serveTasks(resultsTasks);
