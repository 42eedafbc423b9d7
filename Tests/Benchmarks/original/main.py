"""The demo that Event Log replaces, as it is usually written: with FastAPI and a list in memory.

    uvicorn main:app
"""

from datetime import UTC, datetime
from enum import Enum

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(title="Event Log")


class EventType(str, Enum):
    user_action = "user_action"
    system = "system"
    error = "error"
    info = "info"


class EventCreate(BaseModel):
    type: EventType
    source: str
    message: str


class Event(EventCreate):
    id: str
    timestamp: datetime


events: list[Event] = [
    Event(
        id="evt_001",
        timestamp=datetime(2024, 1, 15, 14, 30, tzinfo=UTC),
        type=EventType.user_action,
        source="web_client",
        message="User clicked submit button",
    ),
    Event(
        id="evt_002",
        timestamp=datetime(2024, 1, 15, 15, 0, tzinfo=UTC),
        type=EventType.system,
        source="backend_service",
        message="Scheduled job completed successfully",
    ),
    Event(
        id="evt_003",
        timestamp=datetime(2024, 1, 15, 15, 5, tzinfo=UTC),
        type=EventType.error,
        source="web_client",
        message="Failed to submit form due to validation error",
    ),
]


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/events")
async def list_events(type: EventType | None = None) -> list[Event]:
    if type is None:
        return events
    return [event for event in events if event.type == type]


@app.post("/events", status_code=201)
async def create_event(event: EventCreate) -> Event:
    new_event = Event(
        id=f"evt_{len(events) + 1:03}", timestamp=datetime.now(UTC), **event.model_dump()
    )
    events.append(new_event)
    return new_event
