import '../../src/ui/theme/index.css';
import { mountStage, type StageInput } from '../../src/ui/scene/stage.ts';
import { StagePainter } from '../../src/ui/view-model/stage-painter.ts';
import { scene } from './scenes.ts';

// A bench for the stage alone: ?scene=b2-down&width=1064&height=536&theme=dark&selection=b2
const query = new URLSearchParams(location.search);
const width = Number(query.get('width') ?? 1064);
const height = Number(query.get('height') ?? 536);
const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
document.documentElement.dataset.theme = theme;
const host = document.querySelector<HTMLElement>('#host');
if (host === null) throw new Error('no host');
Object.assign(host.style, { width: `${width}px`, height: `${height}px` });

let selection = query.get('selection');
const stage = mountStage(host, new StagePainter(), {
  select: (id) => {
    selection = id;
    show();
  },
  open: (id) => document.body.setAttribute('data-opened', id),
  menu: (id) => document.body.setAttribute('data-menu', id),
});

function show(): void {
  const name = query.get('scene') ?? 'calm';
  // A truncation is seen against what was there before.
  if (name === 'lesson-truncated') stage.update(inputOf('lesson-crash'));
  requestAnimationFrame(() => requestAnimationFrame(() => stage.update(inputOf(name))));
}

function inputOf(name: string): StageInput {
  return {
    ...scene(name),
    playing: false,
    speed: 1,
    selection,
    theme,
    reducedMotion: query.has('still'),
    width,
    height,
  };
}

show();
// Drawn, with its fonts: three frames after they came.
void document.fonts.ready.then(() => {
  let frames = 4;
  const wait = (): void => {
    if (--frames > 0) requestAnimationFrame(wait);
    else document.body.setAttribute('data-ready', '');
  };
  wait();
});
