import type { CompletionShell } from "../options/parse-values.ts"

/*
 * What `--completion` prints. Each script asks `pum-aws --complete <words>` for candidates, one a line, the value and a tab
 * and a description, if there is one. They hold none of the characters that a shell executes (candidates.ts).
 */

const scripts: Readonly<Record<CompletionShell, string>> = {
  bash: `_pum_aws() {
  local line
  COMPREPLY=()
  while IFS=$'\\t' read -r line _; do
    COMPREPLY+=("$line")
  done < <(pum-aws --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -gt 0 ]] || compopt -o default
}
complete -F _pum_aws pum-aws
`,
  zsh: `#compdef pum-aws
_pum_aws() {
  local line value
  local -a values shown
  for line in "\${(@f)$(pum-aws --complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    value="\${line%%$'\\t'*}"
    [[ -n "$value" ]] || continue
    values+=("$value")
    shown+=("\${line//$'\\t'/  }")
  done
  if (( \${#values} )); then compadd -l -d shown -a values; else _files; fi
}
compdef _pum_aws pum-aws
`,
  fish: `function __pum_aws_complete
    set -l words (commandline -opc) (commandline -ct)
    pum-aws --complete $words[2..] 2>/dev/null
end
complete -c pum-aws -f -a '(__pum_aws_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName pum-aws -ScriptBlock {
  param($current, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -le $position } | ForEach-Object { $_.ToString() })
  if ($current -eq '') { $words += '""' }
  pum-aws --complete @words 2>$null | ForEach-Object {
    $value, $meaning = $_ -split "\`t", 2
    if (-not $meaning) { $meaning = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
  }
}
`,
}

export const completionScript = (shell: CompletionShell) => scripts[shell]
