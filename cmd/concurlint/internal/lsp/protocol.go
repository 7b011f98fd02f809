// Package lsp holds the part of the Language Server Protocol that concurlint
// speaks: its messages and its places. The fields are those of the specification,
// https://microsoft.github.io/language-server-protocol; what neither side of ours
// looks at is left out.
package lsp

// The codes of errors beyond those of JSON-RPC.
const (
	NotInitialized = -32002
	InvalidRequest = -32600
)

// InitializeParams say who asks, and what the editor can do.
type InitializeParams struct {
	RootURI          string             `json:"rootUri"`
	RootPath         string             `json:"rootPath"`
	WorkspaceFolders []Folder           `json:"workspaceFolders"`
	Capabilities     ClientCapabilities `json:"capabilities"`
}

// A Folder is one that the editor has opened.
type Folder struct {
	URI string `json:"uri"`
}

// FoldersParams tell which folders the editor has opened and closed.
type FoldersParams struct {
	Event struct {
		Added   []Folder `json:"added"`
		Removed []Folder `json:"removed"`
	} `json:"event"`
}

// ClientCapabilities are what the editor can do.
type ClientCapabilities struct {
	General struct {
		PositionEncodings []string `json:"positionEncodings"`
	} `json:"general"`
	TextDocument struct {
		PublishDiagnostics struct {
			RelatedInformation bool `json:"relatedInformation"`
		} `json:"publishDiagnostics"`
	} `json:"textDocument"`
	Workspace struct {
		WorkspaceEdit struct {
			DocumentChanges    bool `json:"documentChanges"`
			SnippetEditSupport bool `json:"snippetEditSupport"`
		} `json:"workspaceEdit"`
	} `json:"workspace"`
}

// InitializeResult says what the server can do.
type InitializeResult struct {
	Capabilities ServerCapabilities `json:"capabilities"`
	ServerInfo   ServerInfo         `json:"serverInfo"`
}

// ServerInfo names the server.
type ServerInfo struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// ServerCapabilities are what the server can do.
type ServerCapabilities struct {
	PositionEncoding   Encoding          `json:"positionEncoding"`
	TextDocumentSync   SyncOptions       `json:"textDocumentSync"`
	HoverProvider      bool              `json:"hoverProvider"`
	CodeActionProvider CodeActionOptions `json:"codeActionProvider"`
	Workspace          WorkspaceOptions  `json:"workspace"`
}

// WorkspaceOptions say what the server wants to be told of the workspace.
type WorkspaceOptions struct {
	WorkspaceFolders FolderOptions `json:"workspaceFolders"`
}

// FolderOptions say whether there may be several folders, and come and go.
type FolderOptions struct {
	Supported           bool `json:"supported"`
	ChangeNotifications bool `json:"changeNotifications"`
}

// SyncOptions say what the server wants to be told of open files.
type SyncOptions struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"`
	Save      bool `json:"save"`
}

// FullText is the value of SyncOptions.Change by which a change brings the whole
// text.
const FullText = 1

// CodeActionOptions name the kinds of actions.
type CodeActionOptions struct {
	CodeActionKinds []string `json:"codeActionKinds"`
}

// QuickFix is the kind of all our actions.
const QuickFix = "quickfix"

// A Document names a file, and its version where that matters.
type Document struct {
	URI     string `json:"uri"`
	Version *int   `json:"version,omitempty"`
	Text    string `json:"text,omitempty"`
}

// DocumentParams are of the messages about a file: opened, saved, closed.
type DocumentParams struct {
	TextDocument Document `json:"textDocument"`
}

// ChangeParams tell that a file is edited.
type ChangeParams struct {
	TextDocument   Document `json:"textDocument"`
	ContentChanges []struct {
		Range *Range `json:"range"` // nil: all of it
		Text  string `json:"text"`
	} `json:"contentChanges"`
}

// PlaceParams ask about a place.
type PlaceParams struct {
	TextDocument Document `json:"textDocument"`
	Position     Position `json:"position"`
}

// A Hover is what is shown at a place.
type Hover struct {
	Contents Markup `json:"contents"`
	Range    *Range `json:"range,omitempty"`
}

// Markup is text for people.
type Markup struct {
	Kind  string `json:"kind"` // "markdown"
	Value string `json:"value"`
}

// ActionParams ask what can be done about a range.
type ActionParams struct {
	TextDocument Document `json:"textDocument"`
	Range        Range    `json:"range"`
	Context      struct {
		Only []string `json:"only"`
	} `json:"context"`
}

// A CodeAction is an edit that the user may choose.
type CodeAction struct {
	Title       string        `json:"title"`
	Kind        string        `json:"kind"`
	Diagnostics []Diagnostic  `json:"diagnostics"`
	IsPreferred bool          `json:"isPreferred,omitempty"`
	Edit        WorkspaceEdit `json:"edit"`
}

// A WorkspaceEdit has one of the two, as the editor understands them.
type WorkspaceEdit struct {
	Changes         map[string][]TextEdit `json:"changes,omitempty"`
	DocumentChanges []DocumentEdit        `json:"documentChanges,omitempty"`
}

// A DocumentEdit is the edits of a file.
type DocumentEdit struct {
	TextDocument VersionedDocument `json:"textDocument"`
	Edits        []TextEdit        `json:"edits"`
}

// A VersionedDocument has a null version where the file is not open.
type VersionedDocument struct {
	URI     string `json:"uri"`
	Version *int   `json:"version"`
}

// A TextEdit replaces a range by text, or by a snippet that the user completes.
type TextEdit struct {
	Range   Range    `json:"range"`
	NewText *string  `json:"newText,omitempty"`
	Snippet *Snippet `json:"snippet,omitempty"`
}

// A Snippet is text with places to fill in.
type Snippet struct {
	Kind  string `json:"kind"` // "snippet"
	Value string `json:"value"`
}

// PublishParams replace the diagnostics of a file.
type PublishParams struct {
	URI         string       `json:"uri"`
	Version     *int         `json:"version,omitempty"` // of the document that they are about
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// A Diagnostic is a finding.
type Diagnostic struct {
	Range              Range           `json:"range"`
	Severity           Severity        `json:"severity"`
	Code               string          `json:"code"`
	CodeDescription    CodeDescription `json:"codeDescription"`
	Source             string          `json:"source"`
	Message            string          `json:"message"`
	RelatedInformation []Related       `json:"relatedInformation,omitempty"`
}

// Severity is how bad a diagnostic is; it is also the kind of a message.
type Severity int

// The severities.
const (
	Error Severity = 1 + iota
	Warning
	Information
)

// A CodeDescription leads to the page of a rule.
type CodeDescription struct {
	Href string `json:"href"`
}

// Related is another place that a diagnostic is about.
type Related struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`
}

// A Location is a range of a file.
type Location struct {
	URI   string `json:"uri"`
	Range Range  `json:"range"`
}

// MessageParams are of window/showMessage and window/logMessage.
type MessageParams struct {
	Type    Severity `json:"type"`
	Message string   `json:"message"`
}
