-- Has Neovim, as "nvim --clean --headless -S" runs it, speak with concurlint lsp, and
-- prints what a user would see. It takes the command from CONCURLINT and opens app.go
-- of the working directory; the test in cmd/concurlint compares.

local function until_(what, f)
  if not vim.wait(60000, f, 20) then
    print('no ' .. what)
    vim.cmd('cquit')
  end
end

local function report(buffer)
  local list = vim.diagnostic.get(buffer)
  table.sort(list, function(a, b) return a.lnum < b.lnum end)
  for _, d in ipairs(list) do
    print(string.format('%d:%d-%d:%d %s %s: %s', d.lnum + 1, d.col + 1, d.end_lnum + 1, d.end_col + 1, d.source, vim.diagnostic.severity[d.severity], d.message))
  end
  print(#list .. ' diagnostics')
end

local function ask(buffer, method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000)
  for _, a in pairs(answers or {}) do
    if a.err then print(method .. ': ' .. vim.inspect(a.err)) end
    return a.result
  end
end

vim.cmd('edit app.go')
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = 'concurlint', cmd = { vim.env.CONCURLINT, 'lsp' }, root_dir = vim.fn.getcwd() })
vim.lsp.buf_attach_client(buffer, id)
until_('diagnostics', function() return #vim.diagnostic.get(buffer) > 0 end)
report(buffer)

-- The cursor on the name of the function that is declared in line 14.
vim.api.nvim_win_set_cursor(0, { 14, 16 })
local hover = ask(buffer, 'textDocument/hover', vim.lsp.util.make_position_params())
print(hover and vim.split(hover.contents.value, '\n')[1] or 'no hover')

-- What the unused directive offers, as :lua vim.lsp.buf.code_action() applies it.
local first = vim.diagnostic.get(buffer, { lnum = 7 })[1]
local params = vim.lsp.util.make_given_range_params({ first.lnum + 1, 0 }, { first.lnum + 1, 0 })
params.context = { diagnostics = {} }
for _, action in ipairs(ask(buffer, 'textDocument/codeAction', params) or {}) do
  print(action.kind .. ': ' .. action.title)
  vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
end
vim.cmd('silent write')
until_('change', function() return #vim.diagnostic.get(buffer) == 1 end)
report(buffer)

-- Typed and taken back, and never saved: the lock is given back before the call.
vim.api.nvim_buf_set_lines(buffer, 14, 15, true, { '\tc.mu.Unlock()' })
until_('answer to typing', function() return #vim.diagnostic.get(buffer) == 0 end)
print(vim.bo.modified and 'not saved:' or 'saved:')
report(buffer)
vim.api.nvim_buf_set_lines(buffer, 14, 15, true, { '\tdefer c.mu.Unlock()' })
until_('answer to that', function() return #vim.diagnostic.get(buffer) == 1 end)
report(buffer)

vim.lsp.stop_client(id)
until_('end', function() return vim.lsp.client_is_stopped(id) end)
vim.cmd('qall!')
