"""What the scripts of rooms in Redis share, in Lua.

A room is one hash, so that it expires as one. Its fields: key title opened touched event version state asked (how many questions and experiments)
question experiment (the latest's number) whose bytes (of its questions) votes (its voters); of the question N: N:body N:answers N:asked N:event
N:revealed N:reveal_event N:answer N:voters N:c:K (votes for answer K) N:v:VOTER (its answer); of an experiment, which has 0 answers, N:v:VOTER is a
place and N:r:PLACE its report. Rooms made by the version before have no question and experiment, by the one before that no whose, bytes and votes.
KEYS: the room; all rooms by when they were touched; who follows the room; voters by room; the clock. ARGV: now, or "" for Redis's own time, which
all replicas share; IDLE; the room's code; the prefix; a script's own from 5 on.
Replies begin with "ok", or name what is wrong: room, question, experiment, seat, closed, taken, or which limit: full, share, text, votes, store.
"""

from core.classroom import bounds

TIME = (
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
ROOM = (
    TIME
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
    local names, answers = {}, tonumber(get(n .. ':answers'))
    if answers == 0 then return {} end
    for k = 1, answers do names[k] = n .. ':c:' .. k - 1 end
    local found = redis.call('HMGET', room, unpack(names))
    for k, count in ipairs(found) do found[k] = count or '0' end
    return found
end
local function question(n)
    local one = redis.call('HMGET', room, n .. ':body', n .. ':asked', n .. ':revealed', n .. ':answer')
    return {n, one[1], one[2], one[3] or '', one[4] or 'null', counts(n)}
end
local function is_experiment(n) return get(n .. ':answers') == '0' end
local function latest(kind)
    local known = get(kind)
    if known or kind == 'experiment' then return known or nil end
    for n = tonumber(get('asked')), 1, -1 do  -- of a room that the version before made
        if not is_experiment(n) then return tostring(n) end
    end
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
OPENED = ROOM + "if not open() then return {'room'} end\n"
ASKED = OPENED + "local n = ARGV[5]\nif not get(n .. ':body') then return {'question'} end\n"

TAKE = """
local function all()
    local sum = 0
    for _, each in ipairs(redis.call('HVALS', voters)) do sum = sum + each end
    return sum
end
-- what is full for one more voter, if anything; 8 most of a question, 9 of a room, 10 of all, 11 of a room where all are used up
local function full()
    local votes = tonumber(get('votes') or 0)
    if tonumber(get(n .. ':voters')) >= tonumber(ARGV[8]) then return 'full' end
    if votes >= tonumber(ARGV[9]) then return 'votes' end
    if votes >= tonumber(ARGV[11]) and all() >= tonumber(ARGV[10]) then
        purge()
        if all() >= tonumber(ARGV[10]) then return 'store' end
    end
end
"""
