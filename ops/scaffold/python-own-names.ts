/** A name that no handler's file in Python may have, and why not. */
export function pythonNameTaken(module: string): string | undefined {
  if (keywords.has(module)) return "is a word of Python's own, and cannot be imported";
  if (modules.has(module)) return "is a module's name already, which a file of that name would hide from all";
  return undefined;
}

const setOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** `keyword.kwlist`, in small letters. */
const keywords = setOf(`
  and as assert async await break class continue def del elif else except false finally for from global if
  import in is lambda none nonlocal not or pass raise return true try while with yield
`);

/**
 * `sys.stdlib_module_names` of Python 3.10 to 3.13, and what stands beside a handler in Lambda: its folder comes first on
 * the path, so a `json.py` there is what boto3 would import.
 */
const modules = setOf(`
  abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex
  bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall
  concurrent configparser contextlib contextvars copy copyreg cprofile crypt csv ctypes curses dataclasses
  datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl
  filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp
  gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json
  keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder
  msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os
  ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint
  profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib
  resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib
  sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string
  stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios
  textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle
  turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg
  winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
  omnibus boto3 botocore s3transfer jmespath dateutil urllib3 six awslambdaric bootstrap
`);
