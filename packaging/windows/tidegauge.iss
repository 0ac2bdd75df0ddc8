; Installer for one user, made from dist\tidegauge:  ISCC /DAppVersion=1.2.3 packaging\windows\tidegauge.iss
; AppId and the Run value name must never change once released.
#define AppName "Tidegauge"
#ifndef AppVersion
  #define AppVersion "0.1.0"
#endif
[Setup]
AppId={{1E048746-D9AA-5119-BE85-28394E5432B5}
AppName={#AppName}
AppVersion={#AppVersion}
DefaultDirName={autopf}\{#AppName}
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
OutputBaseFilename=tidegauge-{#AppVersion}-setup
OutputDir=..\..\dist
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
RestartApplications=no
[Tasks]
Name: autostart; Description: "Start {#AppName} when I sign in"; Flags: unchecked
[Files]
Source: "..\..\dist\tidegauge\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
[Icons]
Name: "{autoprograms}\{#AppName}"; Filename: "{app}\tidegauge.exe"; AppUserModelID: "io.github.tidegauge.Tidegauge"
[Registry]
Root: HKCU; Subkey: "Software\Microsoft\Windows\CurrentVersion\Run"; ValueType: string; ValueName: "io.github.tidegauge.Tidegauge"; ValueData: """{app}\tidegauge.exe"" --autostarted"; Flags: uninsdeletevalue; Tasks: autostart
[Run]
Filename: "{app}\tidegauge.exe"; Description: "{cm:LaunchProgram,{#AppName}}"; Flags: nowait postinstall skipifsilent
[UninstallRun]
Filename: "{app}\tidegauge.exe"; Parameters: "--quit"; RunOnceId: "quit"; Flags: runhidden
