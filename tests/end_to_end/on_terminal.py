"""Runs a program on a terminal: on_terminal.py ROWS COLUMNS STEPS PROGRAM [ARGUMENT...]. A step is KEYS@TEXT, both in hex:
the keys are typed when the program waits after it has shown the text, a question mark by default; a comma is between two
steps. Prints what the terminal showed, and ends with the program's exit code, or 99 when it hangs."""
import fcntl, os, pty, select, struct, sys, termios, time

rows, columns, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[4:]
steps = [[bytes.fromhex(part or "3f") for part in (step + "@").split("@")[:2]] for step in sys.argv[3].split(",") if step]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execve(program[0], program, {**os.environ, "TERM": "xterm"})
shown, seen, deadline = b"", 0, time.time() + 20
while time.time() < deadline:
    if select.select([fd], [], [], 0.1)[0]:
        try:
            piece = os.read(fd, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    elif steps and steps[0][1] in shown[seen:]:
        os.write(fd, steps.pop(0)[0])
        seen = len(shown)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
if time.time() >= deadline:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    os._exit(99)
os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
