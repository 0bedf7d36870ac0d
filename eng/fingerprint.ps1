# Prints one line that changes whenever a source of the executable does. quorate.cmd names its builds after it.
$root = Split-Path -Parent $PSScriptRoot
$files = @(Get-ChildItem -Path (Join-Path $root 'src') -Recurse -File |
  Where-Object { $_.FullName -notmatch '[\\/](bin|obj)[\\/]' })
$files += 'Directory.Build.props', 'Directory.Build.targets', 'Directory.Packages.props', 'global.json' |
  ForEach-Object { Get-Item (Join-Path $root $_) }
$lines = $files | Sort-Object FullName |
  ForEach-Object { (Get-FileHash $_.FullName -Algorithm SHA256).Hash + ' ' + $_.FullName }
$bytes = [System.Text.Encoding]::UTF8.GetBytes($lines -join "`n")
$hash = [System.Security.Cryptography.SHA256]::Create().ComputeHash($bytes)
-join ($hash[0..9] | ForEach-Object { $_.ToString('x2') })
