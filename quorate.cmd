@echo off
rem Builds src\Quorate.Cli when its sources changed, then runs it: quorate dev, quorate serve ...
rem Every build gets a directory of its own, named after the content of its sources, so that rebuilding
rem never touches the files of a cluster that is running from an older build.
setlocal
set "root=%~dp0"
set "builds=%root%artifacts\quorate"

where dotnet >nul 2>nul
if errorlevel 1 (
  echo quorate: needs the .NET SDK 10.0 or newer ^(https://dot.net^): no 'dotnet' in PATH 1>&2
  exit /b 1
)

for /f "usebackq delims=" %%s in (`powershell -NoProfile -ExecutionPolicy Bypass -File "%root%eng\fingerprint.ps1"`) do set "stamp=%%s"
if not defined stamp (
  echo quorate: the sources under %root%src cannot be read 1>&2
  exit /b 1
)
if exist "%builds%\%stamp%\quorate.dll" goto run

if not exist "%builds%" mkdir "%builds%"
set "work=%root%artifacts\build.%random%%random%"
pushd "%root%"
dotnet build src\Quorate.Cli -c Release -v quiet --nologo -o "%work%" -nodeReuse:false -p:UseSharedCompilation=false >"%work%.log" 2>&1 <nul
if errorlevel 1 (
  popd
  type "%work%.log" 1>&2
  echo quorate: the build failed; its output is above and in %work%.log 1>&2
  exit /b 1
)
popd
del "%work%.log" >nul 2>nul
rem A start beside this one may have been first; then its build serves as well.
move "%work%" "%builds%\%stamp%" >nul 2>nul
if exist "%work%" rmdir /s /q "%work%"

:run
dotnet "%builds%\%stamp%\quorate.dll" %*
exit /b %errorlevel%
