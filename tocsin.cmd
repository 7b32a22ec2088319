@echo off
rem Tocsin from a checkout: installs and builds where needed, then runs the command.
if "%~1"=="" (node "%~dp0scripts\start.mjs" --help) else (node "%~dp0scripts\start.mjs" %*)
