import dagre from '@dagrejs/dagre';
import type { Reply } from '../../ground/client.js';

export type Workflow = Reply<'listWorkflows'>['workflows'][number];

export interface PlacedState {
  readonly name: string;
  readonly step: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** Events that lead there, in the order of the definition. */
  readonly events: readonly string[];
  /** Whether it leads there from every state of the step: then one line stands for all. */
  readonly ofStep: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface PlacedStep {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly steps: readonly PlacedStep[];
  readonly states: readonly PlacedState[];
  readonly edges: readonly PlacedEdge[];
}

/** In units of the drawing; the widest title fits in both languages. */
export const STATE = { width: 216, height: 40 } as const;
const MARGIN = 28;
/** Room for the title of a step above its states. */
const STEP_PADDING = { side: 14, top: 34, bottom: 14 } as const;

/** Places states in layers, one below the other, so that few lines cross; the steps are drawn around theirs. */
export function placeStates({ states, transitions }: Workflow): Placed {
  const graph = new dagre.graphlib.Graph({ compound: true, multigraph: true })
    .setGraph({ rankdir: 'TB', nodesep: 34, ranksep: 46, edgesep: 14, marginx: MARGIN, marginy: MARGIN })
    .setDefaultEdgeLabel(() => ({}));
  const leaves = new Map(states.map(({ name, step }) => [name, step]));
  for (const step of new Set(leaves.values())) if (!leaves.has(step)) graph.setNode(step, {});
  for (const { name, step } of states) {
    graph.setNode(name, { ...STATE });
    if (!leaves.has(step)) graph.setParent(name, step);
  }
  const ways = waysOf(states, transitions);
  // A way back is laid out as one ahead and drawn the other way, so that the drawing goes down in the order of the definition.
  const place = new Map(states.map(({ name }, index) => [name, index]));
  const goesBack = ({ from, to }: Way) => (place.get(to) ?? 0) < (place.get(from) ?? 0);
  const ends = (way: Way): [string, string] => (goesBack(way) ? [way.to, way.from] : [way.from, way.to]);
  for (const way of ways) graph.setEdge(...ends(way), {}, keyOf(way));
  dagre.layout(graph);
  const placed = states.map(({ name, step }): PlacedState => {
    const { x = 0, y = 0 } = graph.node(name);
    return { name, step, x, y };
  });
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: width + MARGIN,
    height: height + MARGIN,
    steps: [...new Set(leaves.values())].filter((step) => !leaves.has(step)).map((step) => around(step, placed)),
    states: placed,
    edges: ways.map((way) => {
      const { points = [] } = graph.edge(...ends(way), keyOf(way));
      return { ...way, points: goesBack(way) ? points.toReversed() : points };
    }),
  };
}

type Way = Omit<PlacedEdge, 'points'>;
const keyOf = ({ from, to }: Way): string => `${from} ${to}`;

/** Each pair of states with a way from one to the other; what every state of a step shares is kept once, at its last state. */
function waysOf(states: Workflow['states'], transitions: Workflow['transitions']): Way[] {
  const events = new Map<string, string[]>();
  for (const { from, to, event } of transitions) {
    if (from === to) continue;
    const key = `${from} ${to}`;
    const known = events.get(key) ?? [];
    if (!known.includes(event)) events.set(key, [...known, event]);
  }
  return [...events].flatMap(([key, of]) => {
    const [from = '', to = ''] = key.split(' ');
    const step = states.find(({ name }) => name === from)?.step;
    const siblings = states.filter((state) => state.step === step).map(({ name }) => name);
    const ofStep = siblings.length > 1 && siblings.every((name) => events.has(`${name} ${to}`));
    return ofStep && from !== siblings.at(-1) ? [] : [{ from, to, events: of, ofStep }];
  });
}

function around(name: string, placed: readonly PlacedState[]): PlacedStep {
  const own = placed.filter(({ step }) => step === name);
  const left = Math.min(...own.map(({ x }) => x)) - STATE.width / 2 - STEP_PADDING.side;
  const right = Math.max(...own.map(({ x }) => x)) + STATE.width / 2 + STEP_PADDING.side;
  const top = Math.min(...own.map(({ y }) => y)) - STATE.height / 2 - STEP_PADDING.top;
  const bottom = Math.max(...own.map(({ y }) => y)) + STATE.height / 2 + STEP_PADDING.bottom;
  return { name, x: left, y: top, width: right - left, height: bottom - top };
}
