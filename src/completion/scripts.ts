import type { CompletionShell } from "../options/parse-values.ts"

/*
 * What `--completion` prints. Each script asks `pum-aws --complete <words>` for candidates, one a line. They hold none of
 * the characters that a shell executes (candidates.ts). If there are none, the shell offers files; behind `--`, it
 * completes the command that stands there.
 */

const scripts: Readonly<Record<CompletionShell, string>> = {
  // bash makes words of their own of = : @ and replaces only what is behind the last = or :, or from the last @ on.
  bash: `_pum_aws() {
  local i line cur=\${COMP_WORDS[COMP_CWORD]} before=
  COMPREPLY=()
  for (( i = 1; i < COMP_CWORD; i++ )); do
    if [[ \${COMP_WORDS[i]} == -- ]]; then
      declare -F _command_offset >/dev/null && _command_offset $(( i + 1 ))
      return
    fi
  done
  [[ $cur == [=:@]* ]] && before=$cur
  while (( i > 1 )) && [[ \${COMP_WORDS[i]} == [=:@]* || \${COMP_WORDS[i-1]} == [=:@]* ]]; do
    before=\${COMP_WORDS[--i]}$before
  done
  before=\${before%@}
  while IFS= read -r line; do
    line=\${line:\${#before}}
    [[ $cur == [\\"\\']* ]] || line=\${line// /\\\\ }
    COMPREPLY+=("$line")
  done < <(pum-aws --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _pum_aws pum-aws
`,
  zsh: `#compdef pum-aws
_pum_aws() {
  local at=\${words[(i)--]}
  if (( at < CURRENT )); then
    shift $at words
    (( CURRENT -= at ))
    _normal
    return
  fi
  local -a values
  values=("\${(@f)$(pum-aws --complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' -- \${values:#} || { compset -P '--*='; _files }
}
compdef _pum_aws pum-aws
`,
  fish: `function __pum_aws_complete
    set -l words (commandline -opc) (commandline -ct)
    if set -l at (contains -i -- -- $words[1..-2])
        complete -C (string join ' ' -- (string escape -- $words[(math $at + 1)..-2]) $words[-1])
        return
    end
    set -l values (pum-aws --complete $words[2..] 2>/dev/null)
    and test -n "$values"
    and printf '%s\\n' $values
    or __fish_complete_path $words[-1]
end
complete -c pum-aws -f -a '(__pum_aws_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName pum-aws -ScriptBlock {
  param($current, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -le $position } | ForEach-Object { $_.ToString() })
  if ($current -eq '') { $words += '""' }
  pum-aws --complete @words 2>$null | ForEach-Object {
    $text = if ($_ -match ' ') { "'$_'" } else { $_ }
    [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
  }
}
`,
}

export const completionScript = (shell: CompletionShell) => scripts[shell]
