/* What Debian's libstdc++ and libgcc want of glibc and musl does not have. Only for starting musl binaries on Debian. */
#include <stddef.h>

typedef struct tm tm;
typedef struct locale_struct *locale;

size_t strftime_l(char *, size_t, const char *, const tm *, locale);
long getrandom(void *, size_t, unsigned);
unsigned long getauxval(unsigned long);

char __libc_single_threaded = 0;
struct { unsigned words[8]; } __cpu_model;

size_t __strftime_l(char *to, size_t size, const char *format, const tm *time, locale names) {
  return strftime_l(to, size, format, time, names);
}

unsigned arc4random(void) {
  unsigned word = 0;
  getrandom(&word, sizeof word, 0);
  return word;
}

unsigned long __getauxval(unsigned long kind) { return getauxval(kind); }

int __cpu_indicator_init(void) { return 0; }

/* Destructors of a thread's variables do not run: the process ends soon enough. */
int __cxa_thread_atexit_impl(void (*destroy)(void *), void *object, void *library) {
  (void)destroy, (void)object, (void)library;
  return 0;
}

/* "Not found" sends libgcc the older way, through dl_iterate_phdr. */
int _dl_find_object(void *address, void *result) {
  (void)address, (void)result;
  return -1;
}
