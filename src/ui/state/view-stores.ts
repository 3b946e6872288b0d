import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EntityId } from '../../engine/api/frame.ts';
import type { TapeSpec } from '../../engine/api/scenario.ts';
import type { LinkContent } from '../../workers/link/link-content.ts';
import type { ToolType } from '../view-model/tool-words.ts';
import { NOTHING_TO_UNDO, type UndoState } from './undo.ts';

export type Rung = 'partition' | 'topology';

/** What the person points at. */
export interface SelectionState {
  readonly selected: EntityId | null;
  readonly rung: Rung;
  readonly focusPartition: EntityId | null;
}

export type InspectorTab = 'state' | 'config' | 'events';
export type EvidenceTab =
  'ledger' | 'partitions' | 'lag' | 'groups' | 'windows' | 'queries' | 'quorum' | 'events' | 'search';
export type SheetTab = 'guide' | 'inspect' | 'time' | 'evidence';
export type DialogName = 'keys' | 'file' | 'museum';

/** What a menu may ask after its first choice: which link, or which tool. */
export type MenuQuestion = 'cut' | 'slow' | 'heal' | 'tools';

/** The menu of what can be done to an entity, open at a point of the window. */
export interface MenuPlace {
  readonly id: EntityId;
  readonly x: number;
  readonly y: number;
  /** Ends at the point instead of beginning there. */
  readonly above?: boolean;
  /** Begins with this question. */
  readonly asks?: MenuQuestion;
}

/** Acts that ask more than which machine. */
export type FormName = 'quota' | 'crash-at' | ToolType;

/** The form of an act, and what it was opened on. */
export interface FormPlace {
  readonly name: FormName;
  readonly id: EntityId;
}

/** Which parts of the page are open. */
export interface LayoutState {
  /** The page opens on one question; the laboratory around it comes with the first act. */
  readonly place: 'question' | 'lab';
  readonly inspectorTab: InspectorTab;
  readonly evidence: boolean;
  readonly evidenceTab: EvidenceTab;
  readonly sheet: SheetTab;
  readonly dialog: DialogName | null;
  readonly menu: MenuPlace | null;
  readonly form: FormPlace | null;
  readonly narration: boolean;
  /** What lies on the bench, which stands in place of the stage: `application:<id>` or `example:<id>`. */
  readonly bench: string | null;
  /** The stage in words stays open. */
  readonly outline: boolean;
  readonly mainMenu: boolean;
  /** Where the side is folded away, whether the question is shown in it. */
  readonly guide: boolean;
}

/** The part of time that the timeline shows, in µs. */
export interface TimelineState {
  readonly from: number;
  readonly to: number;
  /** Follows the moment shown when it leaves the view. */
  readonly following: boolean;
  /** Id of the ticket in hand. */
  readonly ticket: number | null;
  /** It is as high as all its tracks need, and the stage gives way. */
  readonly tall: boolean;
}

/** A run that cannot be opened before the person has opened a file of theirs. */
export interface WantedFile {
  readonly spec: TapeSpec;
  /** Where to go on with it. */
  readonly bookmark: LinkContent;
}

/** One sentence to the person, and whether something went wrong with the worker. */
export interface NoticeState {
  readonly sentence: string | null;
  readonly wanted: WantedFile | null;
  readonly trouble: 'lost' | 'restored' | 'given up' | null;
}

export type SelectionStore = StoreApi<SelectionState>;
export type LayoutStore = StoreApi<LayoutState>;
export type TimelineStore = StoreApi<TimelineState>;
export type NoticeStore = StoreApi<NoticeState>;
export type UndoStore = StoreApi<UndoState>;

export const createSelectionStore = (): SelectionStore =>
  createStore<SelectionState>(() => ({ selected: null, rung: 'topology', focusPartition: null }));

export const createLayoutStore = (): LayoutStore =>
  createStore<LayoutState>(() => ({
    place: 'question',
    inspectorTab: 'state',
    evidence: false,
    evidenceTab: 'lag',
    sheet: 'guide',
    dialog: null,
    menu: null,
    form: null,
    narration: false,
    bench: null,
    outline: false,
    mainMenu: false,
    guide: false,
  }));

export const createTimelineStore = (): TimelineStore =>
  createStore<TimelineState>(() => ({ from: 0, to: 40_000_000, following: true, ticket: null, tall: false }));

export const createNoticeStore = (): NoticeStore =>
  createStore<NoticeState>(() => ({ sentence: null, wanted: null, trouble: null }));

export const createUndoStore = (): UndoStore => createStore<UndoState>(() => NOTHING_TO_UNDO);
