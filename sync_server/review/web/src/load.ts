// Asking and doing, as components see it: what came, whether it is on its way, what went wrong.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get } from "./api";
import { say } from "./dialogs";

export interface Loaded<T> { data: T | null; error: ApiError | null; loading: boolean; reload: () => void }

/** The document at `path`; null asks nothing. What was asked for and left before it came is dropped. */
export function useDocument<T>(path: string | null, options: { client?: string | null } = {}): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; data: T | null; error: ApiError | null; loading: boolean }>(
    { path, data: null, error: null, loading: path !== null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) { setState({ path, data: null, error: null, loading: false }); return; }
    let wanted = true;
    setState((old) => ({ path, data: old.path === path ? old.data : null, error: null, loading: true }));
    get<T>(path, { client: options.client ?? null, background: turn < 0 }).then(
      (data) => { if (wanted) setState({ path, data, error: null, loading: false }); },
      (error: ApiError) => { if (wanted) setState({ path, data: null, error, loading: false }); });
    return () => { wanted = false; };
  }, [path, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const current = state.path === path;
  return { data: current ? state.data : null, error: current ? state.error : null, loading: state.loading || !current, reload };
}

export interface Doing { busy: boolean; run: (what: () => Promise<unknown>, done?: string) => Promise<boolean> }

/** One thing at a time: while it runs, its buttons wait. True when it went well; an error is told. */
export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run = useCallback(async (what: () => Promise<unknown>, done?: string) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    try {
      await what();
      if (done) say(done);
      return true;
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), true);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, run };
}
