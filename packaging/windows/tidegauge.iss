; Installer for one user, made from the bundle:
;   ISCC /DAppVersion=1.2.3 packaging\windows\tidegauge.iss
; AppId and the name of the Run value must never change once released.
; English only: Inno Setup brings no Simplified Chinese texts. The program itself has both.
#define AppName "Tidegauge"
#define Identity "io.github.tidegauge.Tidegauge"
#define CurrentVersion "Software\Microsoft\Windows\CurrentVersion"
#ifndef AppVersion
  #error Say which version: /DAppVersion=1.2.3
#endif

[Setup]
AppId={{1E048746-D9AA-5119-BE85-28394E5432B5}
AppName={#AppName}
AppVersion={#AppVersion}
AppVerName={#AppName} {#AppVersion}
AppPublisher=Tidegauge contributors
VersionInfoVersion={#AppVersion}
UninstallDisplayName={#AppName}
UninstallDisplayIcon={app}\tidegauge-tray.exe
SetupIconFile=..\..\build\icons\tidegauge.ico
LicenseFile=..\..\LICENSE
DefaultDirName={autopf}\{#AppName}
DisableProgramGroupPage=yes
; No administrator, nothing outside the user's own folders and registry.
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputBaseFilename=tidegauge-{#AppVersion}-setup
OutputDir=..\..\dist
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
; The program is asked to end (see the code below); what does not is closed by Windows.
CloseApplications=yes
RestartApplications=no
; Whether it starts with the system is what the registry says, not what was chosen the last time.
UsePreviousTasks=no

[Tasks]
Name: "autostart"; Description: "Start {#AppName} when I sign in"; Flags: unchecked

[InstallDelete]
; A module of an older version must not be found by a newer one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\tidegauge\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
; Windows shows notifications of a program whose identity a shortcut of the Start menu has.
Name: "{autoprograms}\{#AppName}"; Filename: "{app}\tidegauge-tray.exe"; AppUserModelID: "{#Identity}"

[Registry]
; The same value as the program's own switch, and beside it the one of Task Manager's.
Root: HKCU; Subkey: "{#CurrentVersion}\Run"; ValueType: string; ValueName: "{#Identity}"; ValueData: """{app}\tidegauge-tray.exe"" --autostarted"; Flags: uninsdeletevalue; Tasks: autostart
Root: HKCU; Subkey: "{#CurrentVersion}\Run"; ValueType: none; ValueName: "{#Identity}"; Flags: deletevalue uninsdeletevalue; Tasks: not autostart
Root: HKCU; Subkey: "{#CurrentVersion}\Explorer\StartupApproved\Run"; ValueType: none; ValueName: "{#Identity}"; Flags: deletevalue uninsdeletevalue; Check: StateOfTaskManagerIsStale
Root: HKCU; Subkey: "{#CurrentVersion}\Explorer\StartupApproved\Run"; ValueType: none; ValueName: "{#Identity}"; Flags: dontcreatekey uninsdeletevalue

[Run]
Filename: "{app}\tidegauge-tray.exe"; Description: "{cm:LaunchProgram,{#AppName}}"; Flags: nowait postinstall skipifsilent

[Code]
var
  WasStartedWithSystem: Boolean;

{ It does not end while a sign-in would be lost by it, but asks in its window. }
function DoesProgramEnd: Boolean;
var
  Code: Integer;
begin
  Result := True;
  if FileExists(ExpandConstant('{app}\tidegauge.exe')) then
    if Exec(ExpandConstant('{app}\tidegauge.exe'), '--quit', '', SW_HIDE, ewWaitUntilTerminated, Code) then
      Result := Code = 0;
end;

procedure InitializeWizard;
begin
  WasStartedWithSystem := RegValueExists(HKCU, '{#CurrentVersion}\Run', '{#Identity}');
end;

procedure CurPageChanged(CurPageID: Integer);
begin
  if (CurPageID = wpSelectTasks) and WasStartedWithSystem then
    WizardSelectTasks('autostart');
end;

{ Without its page (a silent update) the state stays as it is, too. }
function PrepareToInstall(var NeedsRestart: Boolean): String;
begin
  if WizardSilent and WasStartedWithSystem then
    WizardSelectTasks('autostart');
  if DoesProgramEnd then
    Result := ''
  else
    Result := '{#AppName} is still running: look for its question, answer it, and try again.';
end;

{ Switched on here and now: an "off" that Task Manager kept from before would win over it. }
function StateOfTaskManagerIsStale: Boolean;
begin
  Result := WizardIsTaskSelected('autostart') and not WasStartedWithSystem;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
var
  Code: Integer;
begin
  if CurUninstallStep <> usUninstall then
    exit;
  Exec(ExpandConstant('{app}\tidegauge.exe'), '--quit --force', '', SW_HIDE,
    ewWaitUntilTerminated, Code);
  if UninstallSilent then
    exit;
  if MsgBox('Delete your settings, history, conversations and sign-ins too?' + #13#10 +
    'Otherwise they stay for another installation.',
    mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
  begin
    Exec(ExpandConstant('{app}\tidegauge.exe'), 'erase --yes', '', SW_HIDE,
      ewWaitUntilTerminated, Code);
    DelTree(ExpandConstant('{localappdata}\{#AppName}'), True, True, True);
  end;
end;
