/** What the shells are given. Each script passes the words of the line to `mp __complete` and offers what it answers. */

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

const BASH = String.raw`# Completion of mp for bash. Bash 3.2, as macOS has it, will do.
_mp_complete() {
  local line value files=
  local current=${"${COMP_WORDS[COMP_CWORD]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then files=1; continue; fi
    value=${"${line%%$'\\t'*}"}
    # Bash has split the word at its equals sign, and wants only what comes after it.
    case $value in --*=*) [ "${"${current#--}"}" = "$current" ] && value=${"${value#*=}"} ;; esac
    # A name with spaces is one word of the line; within quotes, bash adds what is missing itself.
    case $current in [\"\']*) ;; *) [ -n "$value" ] && printf -v value %q "$value" ;; esac
    COMPREPLY+=("$value")
  done < <("$1" __complete -- "${"${COMP_WORDS[@]:1:COMP_CWORD}"}" 2>/dev/null)
  if [ -n "$files" ]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    compopt -o filenames 2>/dev/null
  fi
  return 0
}
complete -F _mp_complete mp
`;

const ZSH = String.raw`#compdef mp
# Completion of mp for zsh.
_mp() {
  local -a answers items
  local line files=
  answers=("${'${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}'}")
  for line in $answers; do
    if [[ $line == ':files' ]]; then files=1
    elif [[ -n $line ]]; then items+=("${"${${line%%$'\\t'*}//:/\\\\:}"}:${"${line#*$'\\t'}"}")
    fi
  done
  (( $#items )) && _describe 'mp' items
  [[ -n $files ]] && _files
  return 0
}
if [[ $funcstack[1] == _mp ]]; then _mp "$@"; else compdef _mp mp; fi
`;

const FISH = String.raw`# Completion of mp for fish.
function __mp_complete
    set -l current (commandline -ct)
    set -l words (commandline -opc)
    for line in ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path "$current"
        else
            echo -- $line
        end
    end
end
complete -c mp -f -a "(__mp_complete)"
`;

const POWERSHELL = String.raw`# Completion of mp for PowerShell.
Register-ArgumentCompleter -Native -CommandName mp -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $program = $commandAst.CommandElements[0].ToString()
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  # An empty word would be lost on the way.
  $new = if ($wordToComplete -eq '') { @('--new') } else { @() }
  & $program __complete @new '--' @words 2>$null | ForEach-Object {
    $value, $description = $_ -split "\t", 2
    if ($value -eq ':files') {
      Get-ChildItem -Name "$wordToComplete*" -ErrorAction SilentlyContinue | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ProviderItem', $_)
      }
    } else {
      $shown = if ($description) { $description } else { $value }
      [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $shown)
    }
  }
}
`;

export const COMPLETION_SCRIPTS: Record<typeof SHELLS[number], string> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
