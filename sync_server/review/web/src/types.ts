// Documents of the server as far as the page reads them (tests/contract, sync_server/review/openapi.yaml).

export interface Head {
  value: string; effective_date: string | null; event_id: string; author: string; author_name: string;
  device: string; device_name: string; recorded_at: string; clock_ok: boolean;
}
export interface Field { field: string; value: string; contested: boolean; heads: Head[] }

export interface Client {
  client_id: string; aliases: string[]; status: string; closed_reason: string | null; intensity: string | null;
  safe_contact: string | null; primary_contact: string | null; primary_contact_name: string | null;
  second_contact: string | null; second_contact_name: string | null; last_spoken_date: string | null; fields: Field[]; score?: number;
}

export interface Contact {
  event_id: string; client_id: string | null; client_alias: string | null; occurred_at: string; shown_at: string; clock_repaired: boolean;
  channel: string; place: string; outcome: string; topics: string[]; areas: string[]; minutes: number | null; indirect_minutes: number | null;
  note: string | null; description: string | null; amended: boolean; retracted: boolean; retraction_reason: string | null;
  author: string; author_name: string; device_name: string; recorded_at: string; fields: Field[];
}

export interface RecordDocument {
  record_id: string; kind: string; client_id: string | null; values: Record<string, string>;
  derived: { days?: number; cents?: number; warning?: string | null; waiting_days?: number; waiting?: boolean; ended?: boolean };
  fields: Field[]; amended: boolean; retracted: boolean; retraction_reason: string | null;
  author_name: string; device_name: string; recorded_at: string;
}

export interface FollowUp {
  follow_up_id: string; client_id: string | null; due_date: string; text: string | null; kind: string;
  owner: string | null; owner_name: string | null; author_name: string; done: boolean;
}

export interface Zrm { instrument: string; assessments: number; first_date: string; last_date: string; domains: { domain: string; first: number | null; last: number | null }[] }

export interface Dossier {
  client: Client; clients: string[]; contacts: Contact[]; follow_ups: FollowUp[]; records: RecordDocument[];
  consent: { state: string; date: string; scope: string; record_id: string } | null; zrm: Zrm[];
}

export interface Handheld {
  device_id: string; name: string; state: string; saved: number; received: number; merged: number; set_apart: number; equal: boolean;
  last_seen_at: string | null; duress: { user_id: string; name: string; recorded_at: string; received_at: string; held: boolean }[];
  users?: { user_id: string; name: string; enrolled: boolean }[];
  directives?: { directive_id: string; directive: string; user_name: string | null; given_by: string; given_at: string; state: string; carried_out_at: string | null }[];
  terms?: { lease_days: number; lease_boots: number; strict: boolean; duress_pin: boolean; wrong_pins: number };
  lease_ends_at?: string | null; clock_drift_seconds?: number | null; version?: string | null;
}

export interface User { user_id: string; name: string; role: string }

export interface KindField { name: string; type: string; required: boolean; max?: number | null; codes?: string | null; list?: string | null }
export interface Kind { kind: string; about: "client" | "programme" | "either"; fields: KindField[] }

export const kRoles = ["case_manager", "expert_by_experience", "coordinator", "administrator", "data_protection_officer", "project_lead"];
export const kIntensities = ["intensive", "light_supplementary", "light_consultative"];
