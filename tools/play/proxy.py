"""A TCP proxy on the loopback that lets a number of bytes through from the handheld, then cuts both sides off."""
import socket
import struct
import threading


class CuttingProxy:
    """Listens at .address; use as a context manager. Serves one connection after another, each cut in the same way."""

    def __init__(self, server, cut_after_bytes):
        host, port = server.rsplit(":", 1)
        self._server = (host.strip("[]"), int(port))
        self._budget = cut_after_bytes
        self.was_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        # shutdown() wakes the accept that close() would leave waiting.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._server, timeout=10)
            except OSError:
                near.close()
                continue
            back = threading.Thread(target=self._copy, args=(far, near, None), daemon=True)
            back.start()
            self._copy(near, far, self._budget)
            back.join()
            near.close()
            far.close()

    def _copy(self, source, target, budget):
        try:
            while True:
                chunk = source.recv(4096)
                if not chunk:
                    break
                if budget is not None and len(chunk) >= budget:
                    target.sendall(chunk[:budget])
                    self.was_cut = True
                    return self._cut(source, target)
                target.sendall(chunk)
                if budget is not None:
                    budget -= len(chunk)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side is gone: that is what is being played

    @staticmethod
    def _cut(*sockets):
        """As when a cable is pulled: a reset, no orderly end. shutdown() wakes the thread that still reads."""
        for end in sockets:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
