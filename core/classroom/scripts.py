"""What Redis does in one piece, in Lua: a script runs whole or not at all, and no other runs meanwhile.

A room is one hash, so that it expires as one. Its fields: key title opened touched event version state asked (how many questions), and of the
question N: N:body N:answers N:asked N:event N:revealed N:reveal_event N:answer N:voters N:c:K (votes for answer K) N:v:VOTER (its answer).
KEYS: the room; all rooms by when they were touched. ARGV: now, IDLE, the room's code, the channel; a script's own from 5 on.
Replies begin with "ok", or name what is wrong: room, question, closed, full, taken.
"""

_ROOM = """
local room, rooms, now, idle, code, channel = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local function get(name) return redis.call('HGET', room, name) end
local function set(...) return redis.call('HSET', room, ...) end
local function more(name, by) return redis.call('HINCRBY', room, name, by or 1) end
local function open()
    local touched = get('touched')
    return touched and tonumber(touched) > now - idle
end
local function touch()
    set('touched', now)
    redis.call('EXPIRE', room, idle)
    redis.call('ZADD', rooms, now, code)
end
local function tell(kind, data, id)
    id = id or more('event')
    redis.call('PUBLISH', channel, code .. ' ' .. id .. ' ' .. kind .. ' ' .. data)
    return {'ok', id, data}
end
local function counts(n)
    local names = {}
    for k = 1, tonumber(get(n .. ':answers')) do names[k] = n .. ':c:' .. k - 1 end
    local found = redis.call('HMGET', room, unpack(names))
    for k, count in ipairs(found) do found[k] = count or '0' end
    return found
end
local function question(n)
    local one = redis.call('HMGET', room, n .. ':body', n .. ':asked', n .. ':revealed', n .. ':answer')
    return {n, one[1], one[2], one[3] or '', one[4] or 'null', counts(n)}
end
local function asked_data(n)
    local body = get(n .. ':body')
    return '{"id":' .. n .. (body == '{}' and '}' or ',' .. body:sub(2))
end
local function reveal_data(n)
    return '{"id":' .. n .. ',"counts":[' .. table.concat(counts(n), ',') .. '],"answer":' .. (get(n .. ':answer') or 'null') .. '}'
end
"""
_OPEN = _ROOM + "if not open() then return {'room'} end\n"
_ASKED = _OPEN + "local n = ARGV[5]\nif not get(n .. ':body') then return {'question'} end\n"

OPEN = (  # 5 key, 6 title, 7 most
    _ROOM
    + """
if redis.call('ZCOUNT', rooms, '(' .. now - idle, '+inf') >= tonumber(ARGV[7]) then return {'full'} end
if open() then return {'taken'} end
redis.call('DEL', room)
set('key', ARGV[5], 'title', ARGV[6], 'opened', now, 'event', 0, 'version', 0, 'asked', 0)
touch()
return {'ok'}
"""
)
LOOK = (
    _OPEN
    + """
local one = redis.call('HMGET', room, 'key', 'title', 'opened', 'event', 'version', 'state', 'asked')
return {'ok', one[1], one[2], one[3], one[4], one[5], one[6] or 'null', one[7] ~= '0' and question(one[7]) or {}}
"""
)
MOVE = (  # 5 state
    _OPEN
    + """
set('state', ARGV[5])
touch()
return tell('state', '{"version":' .. more('version') .. ',"state":' .. ARGV[5] .. '}')
"""
)
ASK = (  # 5 body, 6 answers, 7 most
    _OPEN
    + """
if tonumber(get('asked')) >= tonumber(ARGV[7]) then return {'full'} end
local n, id = more('asked'), more('event')
set(n .. ':body', ARGV[5], n .. ':answers', ARGV[6], n .. ':asked', now, n .. ':event', id, n .. ':voters', 0)
touch()
return tell('question', asked_data(n), id)
"""
)
VOTE = (  # 5 question, 6 voter, 7 answer, 8 most
    _ASKED
    + """
if get(n .. ':revealed') then return {'closed'} end
local voter, before = n .. ':v:' .. ARGV[6], get(n .. ':v:' .. ARGV[6])
if before then
    more(n .. ':c:' .. before, -1)
else
    if tonumber(get(n .. ':voters')) >= tonumber(ARGV[8]) then return {'full'} end
    more(n .. ':voters')
end
set(voter, ARGV[7])
more(n .. ':c:' .. ARGV[7])
touch()
return {'ok'}
"""
)
REVEAL = (  # 5 question, 6 answer
    _ASKED
    + """
local before = get(n .. ':reveal_event')
if before then return {'ok', tonumber(before), reveal_data(n)} end
local id = more('event')
set(n .. ':revealed', now, n .. ':reveal_event', id, n .. ':answer', ARGV[6])
touch()
return tell('reveal', reveal_data(n), id)
"""
)
ASKED = _ASKED + "return {'ok', question(n)}"  # 5 question
QUESTIONS = (
    _OPEN
    + """
local found = {'ok'}
for n = 1, tonumber(get('asked')) do found[n + 1] = question(tostring(n)) end
return found
"""
)
TELL = _OPEN + "return tell(ARGV[5], ARGV[6])"  # 5 kind, 6 data
MISSED = (  # 5 the last id that was heard, or ''
    _OPEN
    + """
local one = redis.call('HMGET', room, 'event', 'version', 'state', 'asked')
local last, asked, after = tonumber(one[1]), tonumber(one[4]), tonumber(ARGV[5])
if not after or after > last then after = asked > 0 and get(asked .. ':event') - 1 or last end
local found = {'ok', last, one[2], one[3] or 'null'}
for n = 1, asked do
    local at = redis.call('HMGET', room, n .. ':event', n .. ':reveal_event')
    if tonumber(at[1]) > after then found[#found + 1] = {tonumber(at[1]), 'question', asked_data(n)} end
    if at[2] and tonumber(at[2]) > after then found[#found + 1] = {tonumber(at[2]), 'reveal', reveal_data(n)} end
end
return found
"""
)
FOLLOWERS = (  # KEYS[3] who follows where; 5 process, 6 how many follow there, 7 until when that holds. Writes only what is new or runs out
    _OPEN
    + """
local here, process, count, till, sum = KEYS[3], ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[6])
now = tonumber(now)
local known = false
local all = redis.call('HGETALL', here)
for k = 1, #all, 2 do
    local many, till_then = all[k + 1]:match('(%S+) (%S+)')
    local left = tonumber(till_then) - now
    if all[k] == process then
        known = tonumber(many) == count and left > (till - now) / 2
    elseif left > 0 then
        sum = sum + many
    else
        redis.call('HDEL', here, all[k])
    end
end
if count == 0 then
    redis.call('HDEL', here, process)
elseif not known then
    redis.call('HSET', here, process, ARGV[6] .. ' ' .. ARGV[7])
    redis.call('EXPIRE', here, 60)
end
return {'ok', sum}
"""
)
PURGE = """
local gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
for _, code in ipairs(gone) do
    redis.call('UNLINK', ARGV[2] .. code)
    redis.call('ZREM', KEYS[1], code)
end
return gone
"""
