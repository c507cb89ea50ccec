/** GET clients/{client}/summary: what fits above a dossier. */
export interface Summary {
  client_id: string; name?: string; aliases?: string[]; status: string; intensity: string | null; safe_contact: string | null;
  primary_contact_name: string | null; second_contact_name: string | null; last_spoken_date: string | null;
}
