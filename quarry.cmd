@echo off
rem The launcher for Windows: finds a JDK >= 25, builds on first use, then runs Quarry.
setlocal enabledelayedexpansion
set "here=%~dp0"
set "java_home="
set "found="
for %%H in ("%QUARRY_JAVA_HOME%" "%JAVA_HOME%") do call :try "%%~H"
for /d %%H in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%USERPROFILE%\.jdks\*" "%USERPROFILE%\.gradle\jdks\*") do call :try "%%~H"
if not defined java_home (
  echo quarry needs a Java 25 or newer; found!found!. 1>&2
  echo Install one ^(winget install EclipseAdoptium.Temurin.25.JDK^) or set QUARRY_JAVA_HOME. 1>&2
  exit /b 3
)
set "module=cli"
set "main=dev.quarry.cli.Main"
if "%~1"=="bench" (
  set "module=bench"
  set "main=dev.quarry.bench.Bench"
)
if "%~1"=="torture" (
  set "module=bench"
  set "main=dev.quarry.bench.torture.Torture"
)
set "dist=%here%%module%\target\dist"
if not exist "%dist%\built" (
  where mvn >nul 2>nul || (echo quarry must be built first, and no Maven ^(mvn^) is on the PATH. 1>&2 & exit /b 3)
  echo building Quarry, since it was not built yet ... 1>&2
  pushd "%here%" & call mvn -q -DskipTests -Dquick package 1>&2 & popd
  if not exist "%dist%\lib" (echo the build failed; its output stands above. 1>&2 & exit /b 3)
  type nul > "%dist%\built"
)
"%java_home%\bin\java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow --add-opens java.base/java.lang.reflect=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED --add-exports java.base/jdk.internal.ref=ALL-UNNAMED -Dquarry.launcher=true -Dslf4j.internal.verbosity=ERROR -XX:+UseSerialGC -Xmx256m "-Dquarry.home=%here%." -cp "%dist%\lib\*" %QUARRY_JAVA_OPTS% %main% %*
exit /b %errorlevel%

:try
if defined java_home exit /b
if not exist "%~1\bin\java.exe" exit /b
for /f "tokens=2 delims==." %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "v=%%~V"
set "v=%v:"=%"
if %v% geq 25 (set "java_home=%~1") else (set "found=!found! %v% (%~1)")
exit /b
