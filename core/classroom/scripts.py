"""What Redis does in one piece, in Lua: a script runs whole or not at all, and no other runs meanwhile.

A room is one hash, so that it expires as one. Its fields: key title opened touched event version state asked (how many questions) whose
bytes (of its questions) votes (its voters), and of the question N: N:body N:answers N:asked N:event N:revealed N:reveal_event N:answer N:voters N:c:K (votes for answer K) N:v:VOTER (its answer).
Rooms made by the version before have no whose, bytes and votes. KEYS: the room; all rooms by when they were touched; who follows the room;
voters by room; the clock. ARGV: now, or "" for Redis's own time, which all replicas share; IDLE; the room's code; the prefix; a script's own from 5 on.
Replies begin with "ok", or name what is wrong: room, question, closed, taken, or which limit: full, share, text, votes, store.
"""

from core.classroom import bounds

_TIME = (
    f"local JUMP = {bounds.JUMP:g}"
    + """
local idle, code, prefix = tonumber(ARGV[2]), ARGV[3], ARGV[4]
local room, rooms, voters = KEYS[1], KEYS[2], KEYS[4]
-- stamp: the time. now: the time by which rooms grow idle, which is no more than JUMP seconds on from when it was last asked for
local stamp = ARGV[1]
local now = stamp
if stamp == '' then
    local t = redis.call('TIME')
    stamp = string.format('%d.%06d', t[1], t[2])
    local last = redis.call('HMGET', KEYS[5], 'now', 'seen')
    local gone = last[1] and math.min(math.max(tonumber(stamp) - tonumber(last[2]), -1), JUMP)
    now = string.format('%.6f', gone and tonumber(last[1]) + math.max(gone, 0) or tonumber(stamp))
    if not gone or gone < 0 or gone > 5 then
        redis.pcall('HSET', KEYS[5], 'now', now, 'seen', stamp)  -- where nothing can be written, rooms can still be read
    end
end
local function forget(gone)
    redis.call('UNLINK', prefix .. 'room:' .. gone)
    redis.call('ZREM', rooms, gone)
    redis.call('HDEL', voters, gone)
end
local function purge()
    local gone = redis.call('ZRANGEBYSCORE', rooms, '-inf', now - idle)
    for _, each in ipairs(gone) do forget(each) end
    return gone
end
"""
)
_ROOM = (
    _TIME
    + """
local function get(name) return redis.call('HGET', room, name) end
local function set(...) return redis.call('HSET', room, ...) end
local function more(name, by) return redis.call('HINCRBY', room, name, by or 1) end
local function open()
    local touched = get('touched')
    return touched and tonumber(touched) > now - idle
end
local function touch()
    set('touched', now)
    redis.call('EXPIRE', room, 14 * idle)  -- if no server comes back that would purge it; by the clock on the wall, which may jump
    redis.call('ZADD', rooms, now, code)
end
local function tell(kind, data, id)
    id = id or more('event')
    redis.call('PUBLISH', prefix .. 'events', code .. ' ' .. id .. ' ' .. kind .. ' ' .. data)
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
)
_OPEN = _ROOM + "if not open() then return {'room'} end\n"
_ASKED = _OPEN + "local n = ARGV[5]\nif not get(n .. ':body') then return {'question'} end\n"

OPEN = (  # 5 key, 6 title, 7 whose, 8 most, 9 most of whose, 10 UNLED
    _ROOM
    + """
local made, gone, mine = ARGV[7], purge(), 0
if open() then return {'taken'} end
local all = redis.call('ZRANGE', rooms, 0, -1)  -- who was touched longest ago first
local unled, own
for _, each in ipairs(all) do
    local one = redis.call('HMGET', prefix .. 'room:' .. each, 'whose', 'version', 'asked', 'touched')
    local may = one[4] and one[2] == '0' and one[3] == '0' and tonumber(one[4]) <= now - ARGV[10] and each or nil
    if not one[4] then forget(each) end  -- Redis has let it go by itself
    unled = unled or may
    if made ~= '' and one[1] == made then
        mine = mine + 1
        own = own or may
    end
end
local goes
if mine >= tonumber(ARGV[9]) then goes = own or 'share' elseif #all >= tonumber(ARGV[8]) then goes = unled or 'full' end
if goes == 'share' or goes == 'full' then return {goes} end
if goes then
    forget(goes)
    gone[#gone + 1] = goes
end
redis.call('DEL', room)
set('key', ARGV[5], 'title', ARGV[6], 'opened', stamp, 'event', 0, 'version', 0, 'asked', 0, 'whose', made, 'bytes', 0, 'votes', 0)
touch()
return {'ok', unpack(gone)}
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
ASK = (  # 5 body, 6 answers, 7 most, 8 bytes of the body, 9 most bytes
    _OPEN
    + """
if tonumber(get('asked')) >= tonumber(ARGV[7]) then return {'full'} end
if (get('bytes') or 0) + ARGV[8] > tonumber(ARGV[9]) then return {'text'} end
local n, id = more('asked'), more('event')
more('bytes', ARGV[8])
set(n .. ':body', ARGV[5], n .. ':answers', ARGV[6], n .. ':asked', stamp, n .. ':event', id, n .. ':voters', 0)
touch()
return tell('question', asked_data(n), id)
"""
)
VOTE = (  # 5 question, 6 voter, 7 answer, 8 most of a question, 9 of a room, 10 of all, 11 of a room where all are used up
    _ASKED
    + """
if get(n .. ':revealed') then return {'closed'} end
local voter, before = n .. ':v:' .. ARGV[6], get(n .. ':v:' .. ARGV[6])
local function all()
    local sum = 0
    for _, each in ipairs(redis.call('HVALS', voters)) do sum = sum + each end
    return sum
end
if before then
    if more(n .. ':c:' .. before, -1) == 0 then redis.call('HDEL', room, n .. ':c:' .. before) end
else
    local votes = tonumber(get('votes') or 0)
    if tonumber(get(n .. ':voters')) >= tonumber(ARGV[8]) then return {'full'} end
    if votes >= tonumber(ARGV[9]) then return {'votes'} end
    if votes >= tonumber(ARGV[11]) and all() >= tonumber(ARGV[10]) then
        purge()
        if all() >= tonumber(ARGV[10]) then return {'store'} end
    end
    more(n .. ':voters')
    redis.call('HSET', voters, code, more('votes'))
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
set(n .. ':revealed', stamp, n .. ':reveal_event', id, n .. ':answer', ARGV[6])
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
FOLLOWERS = (  # 5 process, 6 how many follow there, 7 for how many seconds that holds. Writes only what is new or runs out;
    # where nothing can be written, rooms can still be read
    _OPEN
    + """
local here, process, count, till, sum = KEYS[3], ARGV[5], tonumber(ARGV[6]), now + ARGV[7], tonumber(ARGV[6])
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
        redis.pcall('HDEL', here, all[k])
    end
end
if count == 0 then
    redis.pcall('HDEL', here, process)
elseif not known then
    redis.pcall('HSET', here, process, ARGV[6] .. ' ' .. string.format('%.6f', till))
    redis.pcall('EXPIRE', here, 60)
end
return {'ok', sum}
"""
)
PURGE = _TIME + "return purge()"
ROOMS = _TIME + "return redis.call('ZCOUNT', rooms, '(' .. now - idle, '+inf')"
