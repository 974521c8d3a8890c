// The shapes of Live/*.cs as they arrive.

export interface Status { mode: string; modeText: string; state: string; text: string; since: number; viewers: number }

export interface Tiles {
  transactionsPerSecond: number; transactions: number | null; opportunities: number | null; observed: number; detectionRate: number | null;
  slot: number | null; lagMs: number | null; storageRatio: number | null; journalBytes: number; journalRawBytes: number;
  scored: number; hits: number; gaps: number;
}

export interface Stage { name: string; state: string; text: string; figure: string; detail: string }

export interface ModelPanel { version: number; state: string; threshold: number | null; bins: number[] }

export interface OpportunityRow {
  n: number; t: number; kind: string; sig: string; slot: number; profit: number | null; expected: boolean; outcome: string; confidence: number | null;
}

export interface Panels {
  version: number; at: number; status: Status; tiles: Tiles; stages: Stage[]; model: ModelPanel; opps: OpportunityRow[];
}

export interface Point { t: number; tx: number; swaps: number; opps: number }

export interface FeedRow {
  n: number; sig: string; t: number; slot: number; kind: string; venue: string; legs: number; pair: string; value: string;
  fee: number; tip: number; cu: number; score: number | null;
}

export interface Update {
  snapshot: boolean; panels: Panels; points: Point[]; rows: FeedRow[]; matched: number; newest: number; missed: number;
}

export interface Filter { kind: string; venue: number; q: string; pair: string; program: string; payer: string }
